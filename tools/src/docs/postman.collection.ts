// Makes a Postman collection (v2.1) from the OpenAPI documents: each call with its example, and the walk of README.md.
import { SERVICE_NAMES, SERVICES, type ServiceName } from '@vouchers/contracts';
import type { OpenApiDocument } from './joined.document.ts';

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
}
interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> };
  readonly security?: readonly object[];
}

/** A request of the walk. Texts may have `{{variables}}`. */
interface Step {
  readonly name: string;
  readonly service: ServiceName;
  readonly token: 'staff' | 'alice' | 'till';
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly key?: string;
  readonly body?: object;
  readonly status: number;
  /** Variables for later steps, as expressions over `answer`. */
  readonly keeps?: Readonly<Record<string, string>>;
  /** Expressions over `answer` that must be true. */
  readonly expects?: readonly string[];
}

/** As in README.md. */
const WALK: readonly Step[] = [
  {
    ...{ name: 'Staff create a voucher', service: 'config', token: 'staff', method: 'POST', path: '/v1/vouchers' },
    body: {
      name: '20 off from 100',
      resourceType: 'coupon',
      benefit: { type: 'amount-off', amount: 2000, currency: 'EUR' },
      quantities: { claim: 5000 },
      windows: {
        timeZone: 'Europe/Berlin',
        valid: { from: '2026-01-01T00:00:00+01:00', to: '2036-01-01T00:00:00+01:00' },
      },
      operations: { claimLabel: 'Claim it' },
      nodes: {
        claim: { when: 'user.tier in ["gold", "vip"]' },
        use: { when: 'order.amount >= 10000' },
      },
      labels: { campaign: 'welcome' },
    },
    status: 201,
    keeps: { voucher: 'answer.id', page: '"welcome-" + answer.id' },
  },
  {
    ...{ name: 'They publish it', service: 'config', token: 'staff', method: 'POST' },
    ...{ path: '/v1/vouchers/{{voucher}}/publish', status: 200 },
  },
  {
    ...{ name: 'They put it on a page', service: 'config', token: 'staff', method: 'PUT', path: '/v1/pages/{{page}}' },
    body: { title: 'Welcome', voucherIds: ['{{voucher}}'] },
    status: 201,
  },
  {
    ...{ name: 'Alice opens the page', service: 'page-delivery', token: 'alice', method: 'GET' },
    ...{ path: '/v1/pages/{{page}}', status: 200 },
    expects: ['answer.modules[0].state === "claimable"'],
  },
  {
    ...{ name: 'She claims', service: 'page-delivery', token: 'alice', method: 'POST' },
    ...{ path: '/v1/vouchers/{{voucher}}/claims', key: 'claim-{{voucher}}', body: { pageSlug: '{{page}}' } },
    status: 201,
    keeps: { claim: 'answer.id' },
  },
  {
    ...{ name: 'She uses it at the till', service: 'page-delivery', token: 'till', method: 'POST' },
    ...{ path: '/v1/claims/{{claim}}/redemptions', key: 'order-{{claim}}' },
    body: { order: { id: 'order-1', amount: 12000, currency: 'EUR' } },
    status: 201,
  },
  {
    ...{ name: 'The ledger counts', service: 'ledger', token: 'staff', method: 'GET' },
    ...{ path: '/v1/vouchers/{{voucher}}/counters', status: 200 },
    expects: ['answer.pushed === 1 && answer.claimed === 1 && answer.redeemed === 1'],
  },
  {
    ...{ name: 'It lists the events', service: 'ledger', token: 'staff', method: 'GET' },
    ...{ path: '/v1/vouchers/{{voucher}}/events?type=voucher.claimed.v1', status: 200 },
    keeps: { submission: 'answer.items[0].submissionId' },
  },
  {
    ...{ name: 'It explains the decision', service: 'ledger', token: 'staff', method: 'GET' },
    ...{ path: '/v1/submissions/{{submission}}/decision', status: 200 },
    expects: ['answer.verdict === "granted"'],
  },
];

/** @param documents by the service's name, with examples */
export function postmanCollection(documents: Readonly<Record<string, OpenApiDocument>>): object {
  return {
    info: {
      name: 'Voucher platform',
      description:
        'Run the folder “Walk” after `npm start`, with tokens of `npm run -s token` as the variables staff, alice and till: their scopes are those of the walk in README.md. The other folders have each call of each service; they use the variable token.',
      schema: SCHEMA,
    },
    auth: bearer('token'),
    variable: [
      ...SERVICE_NAMES.map((name) => ({ key: name, value: `http://localhost:${SERVICES[name].port}` })),
      ...['token', 'staff', 'alice', 'till'].map((key) => ({ key, value: '' })),
    ],
    item: [
      { name: 'Walk', item: WALK.map(stepItem) },
      ...Object.entries(documents).map(([service, document]) => ({ name: service, item: callsOf(service, document) })),
    ],
  };
}

const bearer = (variable: string) => ({
  type: 'bearer',
  bearer: [{ key: 'token', value: `{{${variable}}}`, type: 'string' }],
});

function stepItem(step: Step): object {
  const { name, service, token, method, path, key, body, status, keeps = {}, expects = [] } = step;
  const lines = [
    `pm.test("${status}", () => pm.response.to.have.status(${status}));`,
    'const answer = pm.response.json();',
    ...expects.map(
      (expression) => `pm.test(${JSON.stringify(expression)}, () => pm.expect(${expression}).to.equal(true));`,
    ),
    ...Object.entries(keeps).map(([variable, from]) => `pm.collectionVariables.set("${variable}", ${from});`),
  ];
  const header = key === undefined ? [] : [{ key: 'Idempotency-Key', value: key }];
  return {
    name,
    event: [{ listen: 'test', script: { type: 'text/javascript', exec: lines } }],
    request: { auth: bearer(token), method, header, url: urlOf(service, path), ...bodyOf(body) },
  };
}

function callsOf(service: string, { paths }: OpenApiDocument): object[] {
  const calls = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) =>
      callItem(service, path, method, operation as unknown as Operation),
    ),
  );
  const tags = [...new Set(calls.map(({ tag }) => tag))].sort();
  return tags.map((tag) => ({ name: tag, item: calls.filter((call) => call.tag === tag).map(({ item }) => item) }));
}

function callItem(service: string, path: string, method: string, operation: Operation): { tag: string; item: object } {
  const { operationId, summary, description, tags = [], parameters = [], requestBody, security = [] } = operation;
  const of = (where: Parameter['in']) => parameters.filter((parameter) => parameter.in === where);
  const about = ({ name, description: text, required }: Parameter) => ({
    key: name,
    value: '',
    ...(text && { description: text }),
    ...(!required && { disabled: true }),
  });
  const url = urlOf(service, path.replaceAll(/\{(\w+)\}/g, ':$1'));
  const request = {
    method: method.toUpperCase(),
    description: [summary, description].filter(Boolean).join('\n\n'),
    ...(security.length === 0 && { auth: { type: 'noauth' } }),
    header: of('header').map(about),
    url: {
      ...url,
      query: of('query').map(about),
      variable: of('path').map(({ name }) => ({ key: name, value: '' })),
    },
    ...bodyOf(requestBody?.content['application/json']?.example),
  };
  return { tag: tags[0] ?? '', item: { name: operationId, request } };
}

function urlOf(service: string, path: string) {
  const [place = '', query] = path.split('?');
  const pairs = [...new URLSearchParams(query)].map(([key, value]) => ({ key, value }));
  return {
    raw: `{{${service}}}${path}`,
    host: [`{{${service}}}`],
    path: place.split('/').slice(1),
    ...(pairs.length > 0 && { query: pairs }),
  };
}

const bodyOf = (body: unknown): object =>
  body === undefined
    ? {}
    : { body: { mode: 'raw', raw: JSON.stringify(body, null, 2), options: { raw: { language: 'json' } } } };
