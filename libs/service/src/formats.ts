import { codePointsOf, isOwnUuid, isVisible, LONGEST_PARTY, timeOf } from '@vouchers/contracts';
import type { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';

const HEX_UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Counts characters only if necessary, because most texts are far shorter. */
const isShort = (text: string): boolean => text.length <= LONGEST_PARTY || codePointsOf(text) <= LONGEST_PARTY;
// The same characters as \p{Cc}, but faster.
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Adds the formats of ajv-formats (it is CommonJS, so TypeScript sees its function as `default.default`). `timeOf`
 * checks times. Ids have no `urn:uuid:`, because Postgres does not accept it.
 */
export const addFormats = (ajv: Ajv): Ajv =>
  (ajvFormats as unknown as { default: (ajv: Ajv) => Ajv })
    .default(ajv)
    .addFormat('date-time', { validate: (text: string) => timeOf(text) !== undefined })
    .addFormat('uuid', HEX_UUID)
    // This only excludes other texts. Temporal decides later, because it also accepts fractions and weeks with days.
    .addFormat('duration', /^[+-]?P/i)
    .addFormat('words', isVisible)
    // Readers of stored records use these formats. They accept the times of all releases, so they do not use `timeOf`.
    .addFormat('parsed-by-its-reader', true)
    .addFormat('readable-time', (text: string) => !Number.isNaN(Date.parse(text)))
    .addFormat('own-id', isOwnUuid)
    .addFormat('party', (text: string) => isShort(text) && !CONTROL.test(text))
    .addFormat('hash', (text: string) => text.length <= LONGEST_PARTY && !text.includes('\0'))
    .addFormat('without-nul', (text: string) => !text.includes('\0'));
