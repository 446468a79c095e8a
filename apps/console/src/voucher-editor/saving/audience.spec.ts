import { expect, it } from '@jest/globals';
import { audienceOf } from './audience.ts';

it.each([
  ['true', undefined],
  ['user.tier in ["gold", "vip"]', { values: [['gold', 'vip']], isNarrower: false }],
  ['user.tier == "gold" && user.age >= 18', { values: [['gold']], isNarrower: true }],
  ['user.tier == "gold" || user.age >= 18', { values: [], isNarrower: true }],
  ['user.age in [18, 21]', { values: [], isNarrower: true }],
  ['user.tier ==', { values: [], isNarrower: true }],
])('%s', (when, audience) => expect(audienceOf(when)).toEqual(audience));
