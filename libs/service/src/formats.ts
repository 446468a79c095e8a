import { timeOf } from '@vouchers/contracts';
import type { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';

const HEX_UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * Adds the formats of ajv-formats (it is CommonJS, so TypeScript sees its function as `default.default`). Times are
 * judged by `timeOf`, and ids must be accepted by Postgres, so they have no `urn:uuid:`.
 */
export const addFormats = (ajv: Ajv): Ajv =>
  (ajvFormats as unknown as { default: (ajv: Ajv) => Ajv })
    .default(ajv)
    .addFormat('date-time', { validate: (text: string) => timeOf(text) !== undefined })
    .addFormat('uuid', HEX_UUID)
    // Whether it is one Temporal says, which also knows fractions and weeks beside days.
    .addFormat('duration', /^[+-]?P/i);
