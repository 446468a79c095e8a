import type { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';

/** Adds `date-time`, `uuid`, … (ajv-formats is CommonJS: its function is `default.default` to TypeScript). */
export const addFormats = (ajv: Ajv): Ajv => (ajvFormats as unknown as { default: (ajv: Ajv) => Ajv }).default(ajv);
