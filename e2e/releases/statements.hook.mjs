// Loaded into a service of a release (`--import`): records each statement that Postgres executed, in that order.
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const file = process.env['STATEMENTS_TO'];
const require = createRequire(process.argv[1]);
const { Client } = require('pg');
const { prepareValue } = require('pg/lib/utils');
const { query } = Client.prototype;
const names = new WeakMap();
let clients = 0;

const textual = (value) => {
  const prepared = prepareValue(value);
  return Buffer.isBuffer(prepared) ? { base64: prepared.toString('base64') } : prepared;
};

Client.prototype.query = function (...args) {
  const [config, second] = args;
  if (typeof config?.submit === 'function') return query.apply(this, args);
  if (!names.has(this)) names.set(this, `${process.pid}/${(clients += 1)}`);
  const values = (Array.isArray(second) ? second : (config.values ?? [])).map(textual);
  const statement = { client: names.get(this), text: config.text ?? config, values };
  const write = () => appendFileSync(file, `${JSON.stringify(statement)}\n`);
  const index = args.findIndex((arg) => typeof arg === 'function');
  if (index < 0) return query.apply(this, args).then((result) => (write(), result));
  const done = args[index];
  args[index] = (error, result) => {
    if (!error) write();
    done(error, result);
  };
  return query.apply(this, args);
};
