// Runs Prometheus with the files of deploy/observe, if its programs are installed.
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { SERVICES } from '@vouchers/contracts';
import { freePorts } from '@vouchers/tools';

const OBSERVE = join(import.meta.dirname, '../deploy/observe');
const RULES = join(OBSERVE, 'prometheus');
const DASHBOARDS = join(OBSERVE, 'grafana/dashboards');

/** Whether prometheus and promtool are installed. */
export const hasPrometheus = ['prometheus', 'promtool'].every((program) =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program))),
);

/** Checks the configuration, the rules and their tests by promtool. Throws its output if one is wrong. */
export async function checkRules(): Promise<string> {
  const promtool = async (...args: string[]) => (await promisify(execFile)('promtool', args, { cwd: RULES })).stdout;
  return (await promtool('check', 'config', 'prometheus.yml')) + (await promtool('test', 'rules', 'alerts.test.yml'));
}

/** A query of a dashboard's panel. */
export interface PanelQuery {
  panel: string;
  expr: string;
}

/** Returns every query of every dashboard, with ranges short enough for a test. */
export function dashboardQueries(): PanelQuery[] {
  interface Dashboard {
    title: string;
    panels: { title: string; targets: { expr: string }[] }[];
  }
  return readdirSync(DASHBOARDS).flatMap((file) => {
    const { title, panels } = JSON.parse(readFileSync(join(DASHBOARDS, file), 'utf8')) as Dashboard;
    return panels.flatMap((panel) =>
      panel.targets.map(({ expr }) => ({
        panel: `${title} / ${panel.title}`,
        expr: expr
          .replaceAll('$__rate_interval', '30s')
          .replaceAll('$__range', '5m')
          .replaceAll(/\$(environment|instance)/g, '.*'),
      })),
    );
  });
}

/** The beginnings of the platform's own metrics. */
const PREFIXES = [
  'consumer',
  'http',
  'service',
  'process',
  'nodejs',
  ...Object.values(SERVICES).map((s) => s.database),
];

/** The metrics that dashboards and alerts use. */
export function metricsAskedFor(): Set<string> {
  const rules = readFileSync(join(RULES, 'alerts.yml'), 'utf8');
  const exprs = [...dashboardQueries().map(({ expr }) => expr), ...rules.split('annotations:')];
  const metric = new RegExp(`\\b(${PREFIXES.join('|')})_\\w+`, 'g');
  return new Set(exprs.flatMap((expr) => expr.match(metric) ?? []));
}

export interface RunningPrometheus {
  /** The number of series that a query returns now. */
  series(expr: string): Promise<number>;
  stop(): Promise<void>;
}

/** Scrapes each job's address every second. */
export async function startPrometheus(jobs: Readonly<Record<string, string>>): Promise<RunningPrometheus> {
  const [port] = await freePorts(1);
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  cpSync(join(RULES, 'alerts.yml'), join(folder, 'alerts.yml'));
  const scrapes = Object.entries(jobs).map(
    ([job, url]) => `  - { job_name: ${job}, static_configs: [{ targets: ['${new URL(url).host}'] }] }\n`,
  );
  const global = 'global: { scrape_interval: 1s, evaluation_interval: 1s }\nrule_files: [alerts.yml]\n';
  writeFileSync(join(folder, 'prometheus.yml'), `${global}scrape_configs:\n${scrapes.join('')}`);
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    series: async (expr) => {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expr)}`);
      const body = (await answer.json()) as { status: string; error?: string; data: { result: unknown[] } };
      if (body.status !== 'success') throw new Error(`${expr}: ${body.error}`);
      return body.data.result.length;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
