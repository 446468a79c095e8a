/** The editor's words. */
export const editor = {
  title: 'Edit voucher',
};
