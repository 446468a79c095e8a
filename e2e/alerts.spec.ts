// An alert needs a text that says what to do, and a test that sees it fire.
import { readdirSync, readFileSync } from 'node:fs';
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

const FOLDER = 'deploy/observe/grafana/dashboards';
interface Dashboard {
  templating: { list: { name: string }[] };
  panels: { datasource: object; targets: { datasource: object; expr: string }[] }[];
}

describe('a dashboard', () => {
  const files = readdirSync(join(root, FOLDER));
  it.each(files)('%s is of any Prometheus, environment and instance that its reader chooses', (file) => {
    const { templating, panels } = JSON.parse(read(`${FOLDER}/${file}`)) as Dashboard;
    expect(templating.list.map(({ name }) => name)).toEqual(['datasource', 'environment', 'instance']);
    const parts = panels.flatMap((panel) => [panel, ...panel.targets]);
    expect(parts.filter(({ datasource }) => JSON.stringify(datasource) !== DATASOURCE)).toEqual([]);
    const selectors = panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/\{[^}]*\}/g) ?? []));
    expect(selectors.filter((one) => !one.includes('environment=~"$environment", instance=~"$instance"'))).toEqual([]);
    const metrics = panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => expr.match(/\b[a-z]+_[a-z_]+\b(?=[\[)])/g) ?? []),
    );
    expect(metrics).toEqual([]);
  });
});

const DATASOURCE = JSON.stringify({ type: 'prometheus', uid: '${datasource}' });
