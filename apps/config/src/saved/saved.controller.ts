import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import { codePointsOf, isStorable, isVisible, type List } from '@vouchers/contracts';
import {
  choice,
  closed,
  listOf,
  named,
  record,
  text,
  TIME,
  type Schema,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import {
  Answers,
  AnswersNothing,
  CompiledBody,
  CurrentCaller,
  forbidden,
  notFound,
  PAGING,
  Queries,
  Refuses,
  Scopes,
  TakesBody,
  type Caller,
} from '@vouchers/service';
import { SAVED_KINDS, SavedItems, type SavedKind } from './saved.items.ts';

const LONGEST_NAME = 60;
const KIND = { name: 'kind', schema: choice(...SAVED_KINDS) as object };
const NAME = { name: 'name', schema: text(LONGEST_NAME, 1) as object };
const VALUE: Schema<Record<string, unknown>> = {
  title: 'SavedValue',
  type: 'object',
  additionalProperties: true,
  description: 'as its program made it; config does not read it',
};
const SAVED_ITEM = named('SavedItem', record({ name: text(LONGEST_NAME, 1), value: VALUE, at: TIME }));
const SAVED_ITEM_INPUT = named('SavedItemInput', closed(record({ value: VALUE })));
const body = new CompiledBody(SAVED_ITEM_INPUT);

/** Things that staff keep for their console: templates for all of a team, views of lists for themselves. */
@Controller('v1/saved/:kind')
export class SavedController {
  constructor(private readonly items: SavedItems) {}

  @Get()
  @Scopes('vouchers:read')
  @ApiOperation({ summary: "The team's templates, or the caller's own views, by name" })
  @ApiParam(KIND)
  @Queries(PAGING)
  @Answers(200, listOf(SAVED_ITEM))
  @Refuses([404])
  listSavedItems(
    @Param('kind') kind: string,
    @Query() query: Record<string, unknown>,
    @CurrentCaller() caller: Caller,
  ): Promise<List<TypeOf<typeof SAVED_ITEM>>> {
    return this.items.list(known(kind), query, caller);
  }

  @Put(':name')
  @Scopes('vouchers:read')
  @ApiOperation({
    summary: 'Save one, or replace the one of this name',
    description: 'A template needs the scope vouchers:write, too.',
  })
  @ApiParam(KIND)
  @ApiParam(NAME)
  @TakesBody(body)
  @Answers(200, SAVED_ITEM)
  @Refuses([404, 409])
  saveItem(
    @Param('kind') kind: string,
    @Param('name') name: string,
    @Body() { value }: TypeOf<typeof SAVED_ITEM_INPUT>,
    @CurrentCaller() caller: Caller,
  ): Promise<TypeOf<typeof SAVED_ITEM>> {
    return this.items.save(writable(kind, caller), nameOf(name), value, caller);
  }

  @Delete(':name')
  @HttpCode(204)
  @Scopes('vouchers:read')
  @ApiOperation({
    summary: 'Delete one; 204 if there is none, too',
    description: 'A template needs the scope vouchers:write, too.',
  })
  @ApiParam(KIND)
  @ApiParam(NAME)
  @AnswersNothing()
  @Refuses([404])
  async deleteSavedItem(
    @Param('kind') kind: string,
    @Param('name') name: string,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.items.remove(writable(kind, caller), nameOf(name), caller);
  }
}

function known(kind: string): SavedKind {
  const found = SAVED_KINDS.find((one) => one === kind);
  if (!found) throw notFound();
  return found;
}

/** Templates are the team's, so whoever changes vouchers changes them. */
function writable(kind: string, { scopes }: Caller): SavedKind {
  const found = known(kind);
  if (found === 'templates' && !scopes.has('vouchers:write'))
    throw forbidden('Templates need the scope vouchers:write.');
  return found;
}

function nameOf(name: string): string {
  if (!isStorable(name) || !isVisible(name) || codePointsOf(name) > LONGEST_NAME) throw notFound();
  return name;
}
