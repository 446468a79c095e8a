// Vouchers are found by their names, in any case and any encoding of accents, with any locale of the database.
import type { Voucher } from '@vouchers/contracts';
import { testDatabase, type TestDatabase } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startConfig, type RunningConfig } from '../../testing/config.service.ts';

const NAMES = ['Скидка', 'Straße', 'ΣΊΣΥΦΟΣ', 'Caf\u00e9 100%', 'Cafe\u0301 under_score', '満減クーポン', 'a\\b'];

describe.each([
  ['C', "LOCALE_PROVIDER libc LOCALE 'C'"],
  ['Turkish', "LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR' LOCALE 'C'"],
])('a search in a database of the locale %s', (locale, clause) => {
  let server: TestDatabase;
  let config: RunningConfig;
  beforeAll(async () => {
    server = await testDatabase('search');
    const name = `${server.name}_${locale.toLowerCase()}`;
    await server.pool.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' ${clause}`);
    config = await startConfig({ DATABASE_NAME: name });
    for (const voucher of NAMES) await config.create({ name: voucher });
    await config.create({ name: 'Labelled', labels: { channel: 'App Store' }, description: 'Für Mitglieder' });
  }, 60_000);
  afterAll(async () => {
    await config?.stop();
    await server?.drop();
  });

  it.each<[string, string[]]>([
    ['СКИДКА', ['Скидка']],
    ['скид', ['Скидка']],
    ['STRASSE', ['Straße']],
    ['straße', ['Straße']],
    ['σίσυφος', ['ΣΊΣΥΦΟΣ']],
    ['CAF\u00c9', ['Cafe\u0301 under_score', 'Caf\u00e9 100%']],
    ['cafe\u0301', ['Cafe\u0301 under_score', 'Caf\u00e9 100%']],
    ['TITLE', []],
    ['UNDER', ['Cafe\u0301 under_score']],
    ['減クー', ['満減クーポン']],
    ['100%', ['Caf\u00e9 100%']],
    ['r_s', ['Cafe\u0301 under_score']],
    ['%', ['Caf\u00e9 100%']],
    ['_', ['Cafe\u0301 under_score']],
    ['\\', ['a\\b']],
    ['app store', ['Labelled']],
    ['channel:app', ['Labelled']],
    ['FÜR MIT', ['Labelled']],
  ])('for %s', async (search, found) => {
    const { status, body } = await config.call('GET', `/v1/vouchers?search=${encodeURIComponent(search)}`);
    expect([status, body.items.map(({ name }: Voucher) => name)]).toEqual([200, found]);
  });

  it('for several ids', async () => {
    const made = [await config.create({ name: 'One' }), await config.create({ name: 'Two' })];
    const { body } = await config.call('GET', `/v1/vouchers?id=${made.map(({ id }) => id).join(',')}`);
    expect(body.items.map((voucher: Voucher) => voucher.name)).toEqual(['Two', 'One']);
    expect((await config.call('GET', `/v1/vouchers?id=${made[0]!.id},x`)).status).toBe(400);
  });

  it('for an id, in either case, and never for more than 200 characters', async () => {
    const { id, name } = await config.create({ name: 'By id' });
    const { body } = await config.call('GET', `/v1/vouchers?search=${id.toUpperCase()}`);
    expect(body.items.map((voucher: Voucher) => voucher.name)).toEqual([name]);
    const long = (count: number) => config.call('GET', `/v1/vouchers?search=${encodeURIComponent('😀'.repeat(count))}`);
    expect([(await long(200)).status, (await long(201)).status]).toEqual([200, 400]);
  });
});
