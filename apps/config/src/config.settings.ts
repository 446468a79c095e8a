import { CONSOLE_SCOPES, localUrl, SERVICES } from '@vouchers/contracts';
import { Env, IsWholeNumber, ServiceSettings, wholeNumber, type LedgerAccess } from '@vouchers/service';
import { IsNotEmpty, IsUrl, Matches, ValidateIf } from 'class-validator';
import { fileURLToPath } from 'node:url';
import { userAttributesIn, type UserAttribute } from './console/user-attributes.ts';

const ADDRESS = { require_tld: false, protocols: ['http', 'https'], require_protocol: true };
/** The largest quota. A check reads as many entries of an index. */
const MOST = 1_000_000;
const CONSOLE_DIR = fileURLToPath(new URL('../../console/dist', import.meta.url));
const USER_ATTRIBUTES_FILE = fileURLToPath(new URL('../user-attributes.json', import.meta.url));

/** config's settings from the environment. */
export class ConfigSettings extends ServiceSettings {
  readonly service = 'config';
  override port = SERVICES.config.port;
  /** The user attributes, from a JSON file: `[{name, type, values?}]`. */
  @Env('USER_ATTRIBUTES_FILE', userAttributesIn) userAttributes: UserAttribute[] =
    userAttributesIn(USER_ATTRIBUTES_FILE);
  /**
   * A version that names a new user attribute is published to page-delivery this long before it is published to the
   * ledger. The time must be longer than 1 s, because page-delivery may use a definition that it read 1 s ago. It must
   * be shorter than 10 s, because page-delivery sends attributes that a version dropped for only 10 s more.
   */
  @Env('DEFINITION_LEAD_MS', wholeNumber) @IsWholeNumber(0, 8_000) definitionLeadMs = 3_000;
  /** The addresses of page-delivery and the ledger for browsers. /console.json shows them. */
  @Env('PAGE_DELIVERY_URL') @IsUrl(ADDRESS) pageDeliveryUrl = localUrl('page-delivery');
  @Env('LEDGER_URL') @IsUrl(ADDRESS) ledgerUrl = localUrl('ledger');
  /** The ledger's address for config itself, if it differs from the one for browsers. */
  @Env('LEDGER_INTERNAL_URL') @ValidateIf((_, value) => value !== '') @IsUrl(ADDRESS) ledgerInternalUrl = '';
  /** The client with which config asks the ledger for events that the topic lacks. It may be page-delivery's client. */
  @Env('OIDC_CLIENT_ID') @IsNotEmpty() clientId = 'page-delivery';
  /** If it is empty, the ledger is not asked, and a partition that lacks events halts. */
  @Env('OIDC_CLIENT_SECRET') clientSecret = '';
  /**
   * Quotas per team. They count vouchers that are not terminated, drafts, and bytes of the newest specs as JSON, with
   * goods.
   */
  @Env('QUOTA_VOUCHERS', wholeNumber) @IsWholeNumber(1, MOST) quotaVouchers = 10_000;
  @Env('QUOTA_DRAFTS', wholeNumber) @IsWholeNumber(1, MOST) quotaDrafts = 5_000;
  @Env('QUOTA_BYTES', wholeNumber) @IsWholeNumber(1, 1_000_000_000_000) quotaBytes = 1_000_000_000;
  /** The quota of pages per team. */
  @Env('QUOTA_PAGES', wholeNumber) @IsWholeNumber(1, MOST) quotaPages = 2_000;
  /** The client id by which the issuer knows the console. */
  @Env('CONSOLE_CLIENT_ID') @IsNotEmpty() consoleClientId = 'console';
  /** The scope that the console asks for at a sign-in. Empty: that of `consoleScope`. */
  @Env('CONSOLE_SCOPE')
  @Matches(/^$|^openid( [!#-[\]-~]+)*$/, { message: 'must be openid and further scopes' })
  consoleScopeGiven = '';
  /** The folder of the built console. */
  @Env('CONSOLE_DIR') @IsNotEmpty() consoleDir = CONSOLE_DIR;

  /**
   * The scope of a sign-in at the console. It has no offline_access: such a refresh token would outlive a sign-out.
   * audit:read is asked for only where it has an effect, because an issuer may not know it.
   */
  get consoleScope(): string {
    const audit = this.tenancy === 'team' ? ['audit:read'] : [];
    return this.consoleScopeGiven || ['openid', 'profile', ...CONSOLE_SCOPES, ...audit].join(' ');
  }

  /** The settings of the ledger client. */
  get ledgerAccess(): LedgerAccess {
    const { issuer, discoveryUrl, audience, tenancy, clientId, clientSecret } = this;
    const ledgerUrl = this.ledgerInternalUrl || this.ledgerUrl;
    return { issuer, discoveryUrl, audience, tenancy, clientId, clientSecret, ledgerUrl };
  }
}
