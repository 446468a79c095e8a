// Draws a text as a QR code. It is a script of its own, which is loaded when somebody shows a claim at a till.
import { Ecc, QrCode } from '@rc-component/qrcode/es/libs/qrcodegen.js';

export interface DrawnCode {
  /** The modules per side, without the quiet zone. */
  readonly size: number;
  /** An SVG path of the dark modules, one unit each. */
  readonly path: string;
}

/** The id as services write it. Up to 15 % of the code may be damaged. */
export function drawnCode(id: string): DrawnCode {
  const code = QrCode.encodeText(id, Ecc.MEDIUM);
  const runs: string[] = [];
  code.getModules().forEach((row, y) =>
    row.forEach((isDark, x) => {
      if (isDark) runs.push(`M${x} ${y}h1v1h-1z`);
    }),
  );
  return { size: code.size, path: runs.join('') };
}
