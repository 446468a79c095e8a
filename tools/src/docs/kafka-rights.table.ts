import { KAFKA_ADMIN, kafkaRights } from '@vouchers/contracts';

/** The table of docs/operations.md: each principal's rights in Kafka, in Markdown. */
export function kafkaRightsTable(): string {
  const rows = kafkaRights().map(({ principal, kind, name, operations }) => {
    const resource = kind === 'topic' ? `topic \`${name}\`` : `groups whose names begin with \`${name}\``;
    return `| \`${principal}\` | ${resource} | ${operations.join(', ')} |`;
  });
  const admin = `| \`${KAFKA_ADMIN}\` | everything (\`super.users\`) | for brokers and operators; no service logs in with it |`;
  return ['| principal | resource | operations |', '| --- | --- | --- |', ...rows, admin].join('\n');
}
