import { Chain1764460000290 } from './chain.migration.ts';
import { Checkout1764460000420 } from './checkout.migration.ts';
import { CursorEpoch1764460000015 } from './epoch.migration.ts';
import { EventsOfUser1764460000330 } from './events-of-user.migration.ts';
import { Forgetting1764460000320 } from './forgetting.migration.ts';
import { ForgottenNames1764460000410 } from './forgotten-names.migration.ts';
import { Ledger1764000000000 } from './ledger.migration.ts';
import { Recording1764460000020 } from './recording.migration.ts';
import { SetAside1764460000030 } from './set-aside.migration.ts';
import { Signatures1764460000310 } from './signatures.migration.ts';
import { Simulations1764460000430 } from './simulations.migration.ts';
import { VoucherTeam1764460000058 } from './voucher-team.migration.ts';
import { WaitingList1764460000340 } from './waiting-list.migration.ts';

/** The migrations of the ledger's database, in order. */
export const LEDGER_MIGRATIONS = [
  Ledger1764000000000,
  CursorEpoch1764460000015,
  Recording1764460000020,
  SetAside1764460000030,
  VoucherTeam1764460000058,
  Chain1764460000290,
  Signatures1764460000310,
  Forgetting1764460000320,
  EventsOfUser1764460000330,
  WaitingList1764460000340,
  ForgottenNames1764460000410,
  Checkout1764460000420,
  Simulations1764460000430,
];
