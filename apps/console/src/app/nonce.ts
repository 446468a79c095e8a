/** The nonce that config gave this page: whoever writes a style element needs it. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
