import { frame } from './frame.ts';
import { problems } from './problems.ts';
import { reasons } from './reasons.ts';
import { screens } from './screens.ts';
import { terms } from './terms.ts';
import { voucher } from './voucher.ts';

export const en = { frame, terms, problems, reasons, screens, voucher };

/** All texts of the console, by area. The Chinese texts must have the same keys. */
export type Words = typeof en;
