import type { Words } from '../en/index.ts';
import { frame } from './frame.ts';
import { problems } from './problems.ts';
import { reasons } from './reasons.ts';
import { screens } from './screens.ts';
import { terms } from './terms.ts';
import { voucher } from './voucher.ts';

export const zhCn: Words = { frame, terms, problems, reasons, screens, voucher };
