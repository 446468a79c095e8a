import { describe, expect, it } from '@jest/globals';
import { loadSettings } from './index.ts';
import { ThingsSettings } from '../testing/things.service.ts';

describe('settings', () => {
  it.each([
    ['PORT', 'abc'],
    ['PORT', '70000'],
    ['KAFKA_BROKERS', 'nowhere'],
    ['DATABASE_URL', 'mysql://x'],
    ['OIDC_ISSUER', 'x'],
    ['NAMESPACE', 'A-b'],
    ['MIGRATE', 'maybe'],
  ])('name the bad one in one line: %s=%s', (name, value) => {
    expect(() => loadSettings(ThingsSettings, { [name]: value })).toThrow(new RegExp(`^${name} [^\n]*$`));
  });

  it('prefix what is shared', () => {
    const settings = loadSettings(ThingsSettings, { NAMESPACE: 'demo', DATABASE_URL: 'postgres://u:p@db:1/any' });
    expect(settings.databaseUrl).toBe('postgres://u:p@db:1/demo_config');
    expect(settings.topics.submissions).toBe('demo.voucher.submissions.v1');
    expect(settings.group('state')).toBe('demo.config.state');
  });

  it('leave the names bare without a namespace', () => {
    const settings = loadSettings(ThingsSettings, { KAFKA_BROKERS: 'a:1, b:2', PORT: '' });
    expect(settings).toMatchObject({
      brokers: ['a:1', 'b:2'],
      port: 0,
      databaseName: 'config',
      topics: { pages: 'voucher.pages.v1' },
    });
    expect(settings.group()).toBe('config');
  });
});
