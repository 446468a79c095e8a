import { frame } from './frame.ts';
import { problems } from './problems.ts';
import { reasons } from './reasons.ts';
import { screens } from './screens.ts';
import { terms } from './terms.ts';
import { voucher } from './voucher.ts';

export const en = { frame, terms, problems, reasons, screens, voucher };

/** Every text of the console, by area. English is the pattern that Chinese must fill. */
export type Words = typeof en;
