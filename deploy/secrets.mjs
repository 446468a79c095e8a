// Makes the platform's own secrets at the first start, in volumes. Only containers that need a secret mount its volume.
// The files are readable for all, because the containers have different users.
// `secrets.mjs <name>` reads a new value from standard input, for example the secret from an OpenID provider.
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const FOLDER = '/secrets';
/** The services, each with its password for Postgres and the one for Kafka. */
const SERVICES = ['ledger', 'config', 'page-delivery'];
const NAMES = [
  'database/postgres-password',
  'client/page-delivery',
  'migrate/database',
  'kafka/admin',
  ...SERVICES.flatMap((service) => [`${service}/database`, `${service}/kafka`]),
];

const [name] = process.argv.slice(2);
if (name === undefined) NAMES.forEach(make);
else if (NAMES.includes(name)) replace(name, readFileSync(0, 'utf8').trim());
else {
  console.error(`unknown secret '${name}': one of ${NAMES.join(', ')}`);
  process.exitCode = 2;
}
writeForKafka();

/** Makes the secret, unless it exists. */
function make(secret) {
  try {
    writeFileSync(`${FOLDER}/${secret}`, randomBytes(24).toString('base64url'), { mode: 0o444, flag: 'wx' });
    console.log(`made ${secret}`);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

function replace(secret, value) {
  if (value === '') throw new Error(`no value for ${secret} on standard input`);
  write(secret, value);
  console.log(`replaced ${secret}`);
}

/** The broker's file of passwords, which it reads when it starts, and the one for Kafka's own commands. */
function writeForKafka() {
  const passwordOf = (secret) => JSON.stringify(readFileSync(`${FOLDER}/${secret}`, 'utf8').trim());
  const own = `username="admin" password=${passwordOf('kafka/admin')}`;
  const users = SERVICES.map((service) => `user_${service.replaceAll('-', '_')}=${passwordOf(`${service}/kafka`)}`);
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const known = [own, `user_admin=${passwordOf('kafka/admin')}`, ...users].join('\n  ');
  write('kafka/jaas.conf', `KafkaServer {\n  ${login}\n  ${known};\n};\n`);
  const client = {
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'PLAIN',
    'sasl.jaas.config': `${login} ${own};`,
  };
  write(
    'kafka/admin.properties',
    Object.entries(client)
      .map((line) => `${line.join('=')}\n`)
      .join(''),
  );
}

function write(file, text) {
  writeFileSync(`${FOLDER}/${file}.new`, text, { mode: 0o444 });
  renameSync(`${FOLDER}/${file}.new`, `${FOLDER}/${file}`);
}
