// A service for tests, with a route for each thing that a route can declare.
import {
  Body,
  Controller,
  Delete,
  Get,
  Inject,
  Module,
  Param,
  Post,
  Put,
  Query,
  Sse,
  type MessageEvent,
} from '@nestjs/common';
import { arrayOf, choice, closed, ID, maybe, record, text, TIME, whole } from '@vouchers/contracts/schemas';
import { startTestIssuer, type OddIssuer } from '@vouchers/testing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { concat, NEVER, of, type Observable } from 'rxjs';
import {
  AboutUser,
  BodyLimit,
  callerOf,
  CompiledBody,
  conflict,
  CurrentCaller,
  Direct,
  loadSettings,
  NeedsIdempotencyKey,
  NeedsIfMatch,
  notFound,
  paging,
  PAGING,
  Public,
  Queries,
  Readiness,
  Scopes,
  ServiceSettings,
  startService,
  TakesBody,
  type Caller,
} from '../src/index.ts';

const THING = closed(record({ name: text(), amount: maybe(whole(0)), list: arrayOf({ not: { type: 'null' } }) }));
const thingBody = new CompiledBody(THING);
const SCHEMA = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'], additionalProperties: false };

@Controller('v1/things')
class ThingsController {
  constructor(@Inject(Readiness) readiness: Readiness) {
    readiness.note('parked', () => [{ thing: 1 }]);
  }

  @Get()
  @Scopes('vouchers:read')
  @Queries({
    ...PAGING,
    at: maybe(TIME),
    of: maybe(choice('us', 'them')),
    id: maybe(ID),
    text: maybe(text(3)),
    tag: maybe(arrayOf(text(3))),
  })
  list(@Query() query: Record<string, unknown>): unknown {
    return { ...query, ...paging(query, 2) };
  }

  @Sse('stream')
  @Public()
  stream(): Observable<MessageEvent> {
    return concat(of({ data: 'first' } as MessageEvent), NEVER);
  }

  @Get(':id')
  @Public()
  read(@Param('id') id: string): unknown {
    if (id === 'bug') throw new Error('secret internals');
    if (id === 'refused') throw conflict('sold-out', { 'submission-id': 's1' });
    throw notFound();
  }

  @Post()
  @Scopes('vouchers:write')
  @TakesBody(thingBody)
  make(@Body() body: unknown): unknown {
    return body;
  }

  @Put(':id')
  @Scopes('vouchers:write')
  @NeedsIfMatch()
  @BodyLimit(1_000)
  @TakesBody(thingBody)
  change(@Body() body: unknown): unknown {
    return body;
  }

  @Post(':id/claims')
  @Direct()
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @NeedsIdempotencyKey()
  @TakesBody(new CompiledBody(SCHEMA))
  async claim(request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply): Promise<unknown> {
    const { id } = request.params;
    const { body } = request;
    const caller = callerOf(request);
    reply.code(201);
    if (id === 'refused') throw conflict('sold-out', { 'submission-id': 's1' });
    reply.header('location', `/v1/claims/${id}`);
    return { body, ...caller, scopes: [...caller.scopes] };
  }

  @Delete(':id')
  @Scopes('claims:write', 'claims:act')
  @AboutUser('optional')
  release(@CurrentCaller() caller: Caller): unknown {
    return { userId: caller.userId ?? null, attributes: caller.userAttributes };
  }
}

@Module({ controllers: [ThingsController] })
export class ThingsModule {}

export class ThingsSettings extends ServiceSettings {
  readonly service = 'config';
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Undefined if it is no JSON object. */
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- what a test expects of it, it says
}

export interface CallOptions {
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  /** Sends a valid token with these scopes. */
  scope?: string;
  token?: string;
}

export interface Things {
  base: string;
  issuer: OddIssuer;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  stop(): Promise<void>;
}

export const thingsSettings = (issuer: string, environment: Record<string, string> = {}): ThingsSettings =>
  loadSettings(ThingsSettings, {
    PORT: '0',
    OIDC_ISSUER: issuer,
    LOG_LEVEL: 'silent',
    CORS_ORIGINS: 'https://shop.example',
    ...environment,
  });

/** Starts it with its own issuer or with the given one. */
export async function startThings(issuerUrl?: string, environment?: Record<string, string>): Promise<Things> {
  const issuer = await startTestIssuer();
  const app = await startService(ThingsModule, thingsSettings(issuerUrl ?? issuer.url, environment));
  const base = (await app.getUrl()).replace('[::1]', 'localhost');
  return {
    base,
    issuer,
    call: async (method, path, { headers, body, scope, token }: CallOptions = {}) => {
      const bearer = token ?? (scope === undefined ? undefined : await issuer.signToken({ scope }));
      const answer = await fetch(base + path, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
          ...headers,
        },
        body,
      });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        body: text.startsWith('{') ? JSON.parse(text) : undefined,
      };
    },
    stop: async () => {
      await app.close();
      await issuer.stop();
    },
  };
}
