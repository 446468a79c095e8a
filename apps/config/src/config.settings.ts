import { Env, ServiceSettings, wholeNumber } from '@vouchers/service';
import { IsInt, IsNotEmpty, IsUrl, Max, Min } from 'class-validator';
import { fileURLToPath } from 'node:url';

const ADDRESS = { require_tld: false, protocols: ['http', 'https'], require_protocol: true };

/** What config is told by its environment. */
export class ConfigSettings extends ServiceSettings {
  readonly service = 'config';
  @Env('PORT', wholeNumber) @IsInt() @Min(0) @Max(65_535) override port = 3001;
  /** JSON: what conditions may ask of a user, `[{name, type, values?}]`. */
  @Env('USER_ATTRIBUTES_FILE') @IsNotEmpty() userAttributesFile = fileURLToPath(
    new URL('../user-attributes.json', import.meta.url),
  );
  /** Where a browser finds the other two; shown in /console.json. */
  @Env('PAGE_DELIVERY_URL') @IsUrl(ADDRESS) pageDeliveryUrl = 'http://localhost:3002';
  @Env('LEDGER_URL') @IsUrl(ADDRESS) ledgerUrl = 'http://localhost:3003';
}
