// Decodes a text file: by its byte order mark, else strictly as UTF-8, else as GB18030, which contains GBK.

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

/** The text of a file without its byte order mark. `text` is undefined if no encoding fits. */
export function fileText(bytes: Uint8Array): { text: string | undefined; encoding: Encoding } {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decoded(bytes, 'utf-16le');
  if (first === 0xfe && second === 0xff) return decoded(bytes, 'utf-16be');
  const utf8 = decoded(bytes, 'utf-8');
  return utf8.text === undefined ? decoded(bytes, 'gb18030') : utf8;
}

function decoded(bytes: Uint8Array, encoding: Encoding): { text: string | undefined; encoding: Encoding } {
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding };
  } catch {
    return { text: undefined, encoding };
  }
}
