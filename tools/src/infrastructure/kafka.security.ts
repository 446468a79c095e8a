// The settings with which a broker asks every client who it is and what it may do.
import { KAFKA_ADMIN } from '@vouchers/contracts';

/** The mechanism of all listeners. The image of Kafka can offer it from its first start, without a step by hand. */
export const MECHANISM = 'PLAIN';

/** Settings of a broker whose listeners all ask for a password. Rights are those in its tables; the admin has all. */
export const SECURED: Readonly<Record<string, string>> = {
  'sasl.enabled.mechanisms': MECHANISM,
  'sasl.mechanism.inter.broker.protocol': MECHANISM,
  'sasl.mechanism.controller.protocol': MECHANISM,
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': `User:${KAFKA_ADMIN}`,
};

/** The same with the passwords of all principals, for listeners of these names. */
export function secured(
  listeners: readonly string[],
  passwords: Readonly<Record<string, string>>,
): Record<string, string> {
  const jaas = jaasOf(passwords);
  return {
    ...SECURED,
    'listener.security.protocol.map': listeners.map((name) => `${name}:SASL_PLAINTEXT`).join(','),
    ...Object.fromEntries(
      listeners.map((name) => [`listener.name.${name.toLowerCase()}.plain.sasl.jaas.config`, `${jaas};`]),
    ),
  };
}

/** The broker's own login, and the passwords that it accepts. */
function jaasOf(passwords: Readonly<Record<string, string>>): string {
  const own = `username="${KAFKA_ADMIN}" password="${passwords[KAFKA_ADMIN]}"`;
  const users = Object.entries(passwords).map(([name, password]) => `user_${name}="${password}"`);
  return `org.apache.kafka.common.security.plain.PlainLoginModule required ${own} ${users.join(' ')}`;
}
