export { VoucherEditorPage } from './voucher-editor.page.tsx';
