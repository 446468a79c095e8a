import { expect, it } from '@jest/globals';
import { fileText } from './file-text.ts';

const utf16 = (text: string, isLittle: boolean): Uint8Array => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isLittle ? bytes : bytes.swap16();
};

it.each<[string, Uint8Array, string | undefined, string]>([
  ['UTF-8', Buffer.from('A,茶'), 'A,茶', 'utf-8'],
  ['UTF-8 with a mark', Buffer.from('\ufeffA,茶'), 'A,茶', 'utf-8'],
  ['UTF-16 LE', utf16('A,茶', true), 'A,茶', 'utf-16le'],
  ['UTF-16 BE', utf16('A,茶', false), 'A,茶', 'utf-16be'],
  ['GBK', Uint8Array.of(0x41, 0x2c, 0xb2, 0xe8), 'A,茶', 'gb18030'],
  ['neither', Uint8Array.of(0x41, 0xff, 0xff), undefined, 'gb18030'],
  ['empty', new Uint8Array(), '', 'utf-8'],
])('%s is read', (_, bytes, text, encoding) => expect(fileText(bytes)).toEqual({ text, encoding }));
