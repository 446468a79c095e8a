import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import fastifyStatic from '@fastify/static';
import { LOGGER } from '@vouchers/service';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { ConfigSettings } from '../config.settings.ts';

/** The placeholder that the console's build leaves for the nonce. */
const NONCE = /\{\{nonce\}\}/g;

/** The built console: its files, and its page, which has a new nonce and policy in each answer. */
@Injectable()
export class ConsoleFiles implements OnModuleInit {
  private page: string | undefined;

  constructor(
    @Inject(ConfigSettings) private readonly settings: ConfigSettings,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    const { consoleDir } = this.settings;
    this.page = await readFile(join(consoleDir, 'index.html'), 'utf8').catch(() => undefined);
    if (this.page === undefined) return this.logger.warn({ consoleDir }, 'the console is not built: it is not served');
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    // Not awaited, because awaiting would start Fastify before Nest sets its error handler. A 401 would then have no
    // problem details.
    void fastify.register(fastifyStatic, { root: consoleDir, serve: false, preCompressed: true });
  }

  /** Answers with the page. Undefined if the console is not built. */
  answerPage(reply: FastifyReply): string | undefined {
    const nonce = randomBytes(16).toString('base64');
    void reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('content-security-policy', this.policy(nonce))
      .header('cross-origin-opener-policy', 'same-origin');
    return this.page?.replace(NONCE, nonce);
  }

  /** Sends a file for good, since its name contains the hash of its content. Answers 404 if the file does not exist. */
  sendAsset(reply: FastifyReply, name: string): FastifyReply {
    if (this.page === undefined) return reply.callNotFound() as unknown as FastifyReply;
    return reply.sendFile(`assets/${name}`, { immutable: true, maxAge: '365d' });
  }

  sendIcon(reply: FastifyReply): FastifyReply {
    if (this.page === undefined) return reply.callNotFound() as unknown as FastifyReply;
    return reply.sendFile('icon.svg', { maxAge: '1d' });
  }

  /** Allows only the console's own files, styles with this answer's nonce, and the services that the console calls. */
  private policy(nonce: string): string {
    const { issuer, pageDeliveryUrl, ledgerUrl } = this.settings;
    const services = [issuer, pageDeliveryUrl, ledgerUrl].map((url) => new URL(url).origin);
    return [
      `default-src 'none'`,
      `base-uri 'none'`,
      `form-action 'none'`,
      `frame-ancestors 'none'`,
      `script-src 'self'`,
      `style-src 'self' 'nonce-${nonce}'`,
      `img-src 'self'`,
      `connect-src 'self' ${[...new Set(services)].join(' ')}`,
    ].join('; ');
  }
}
