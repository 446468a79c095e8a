import { Env, IsWholeNumber, ServiceSettings, wholeNumber } from '@vouchers/service';
import { IsNotEmpty, IsUrl } from 'class-validator';
import { fileURLToPath } from 'node:url';
import { userAttributesIn, type UserAttribute } from './console/user-attributes.ts';

const ADDRESS = { require_tld: false, protocols: ['http', 'https'], require_protocol: true };
const CONSOLE_DIR = fileURLToPath(new URL('../../console/dist', import.meta.url));
const USER_ATTRIBUTES_FILE = fileURLToPath(new URL('../user-attributes.json', import.meta.url));

/** What config is told by its environment. */
export class ConfigSettings extends ServiceSettings {
  readonly service = 'config';
  @Env('PORT', wholeNumber) @IsWholeNumber(0, 65_535) override port = 3001;
  /** From a JSON file: `[{name, type, values?}]`. */
  @Env('USER_ATTRIBUTES_FILE', userAttributesIn) userAttributes: UserAttribute[] =
    userAttributesIn(USER_ATTRIBUTES_FILE);
  /**
   * How long a version that names a new user attribute is known to the edges before it decides. Longer than the second
   * for which an edge trusts what it read, and shorter than it goes on sending what the newest version dropped (10 s).
   */
  @Env('DEFINITION_LEAD_MS', wholeNumber) @IsWholeNumber(0, 8_000) definitionLeadMs = 3_000;
  /** Where a browser finds the other two; shown in /console.json. */
  @Env('PAGE_DELIVERY_URL') @IsUrl(ADDRESS) pageDeliveryUrl = 'http://localhost:3002';
  @Env('LEDGER_URL') @IsUrl(ADDRESS) ledgerUrl = 'http://localhost:3003';
  /** Whom the issuer knows the console as. */
  @Env('CONSOLE_CLIENT_ID') @IsNotEmpty() consoleClientId = 'console';
  /** Where the built console lies. */
  @Env('CONSOLE_DIR') @IsNotEmpty() consoleDir = CONSOLE_DIR;
}
