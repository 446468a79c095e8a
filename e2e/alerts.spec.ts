// An alert needs a text that says what to do, and a test that sees it fire.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const rules = read('deploy/observe/prometheus/alerts.yml');
const tests = read('deploy/observe/prometheus/alerts.test.yml');
const alerts = rules
  .split(/^ {6}- alert: /m)
  .slice(1)
  .map((rule) => [/^\w+/.exec(rule)![0], rule] as const);

describe('the alerts', () => {
  it.each(alerts)('%s is explained in operations, and has a test that sees it fire', (name, rule) => {
    const [, document, anchor] = /runbook: (\S+)#(\S+)/.exec(rule) ?? [];
    const headings = [...read(document!).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toContain(anchor);
    expect(tests).toContain(`{alertname="${name}"`);
  });
});
