import { expect, it } from '@jest/globals';
import { isCurrency } from '@vouchers/contracts';
import { newSpec } from './new-spec.ts';
import { BUILT_IN, fromTemplate } from './templates.ts';

it.each(BUILT_IN)('the template %s makes a spec that only needs to be read', (template) => {
  const base = newSpec('2026-11-30T00:00:00Z', 'Asia/Shanghai');
  const spec = fromTemplate(template, base, 'A name');
  expect(spec.name).toBe('A name');
  expect(spec.quantities.claim).toBeGreaterThan(0);
  expect(spec.benefit && 'currency' in spec.benefit ? isCurrency(spec.benefit.currency) : true).toBe(true);
  expect(spec.benefit && 'name' in spec.benefit ? spec.benefit.name : 'A name').toBe('A name');
  expect(spec.windows.valid).toEqual(base.windows.valid);
});
