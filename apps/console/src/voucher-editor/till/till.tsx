// The till: an order with lines, several vouchers of the list beside the draft, and the quote with its split.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemFrom } from '../../api/api-problem.ts';
import { answer, services } from '../../api/api.ts';
import type { DryQuoteInput } from '../../api/answers.ts';
import { userAttributesQuery } from '../../api/queries.ts';
import { faultShown } from '../../parts/fault-text.ts';
import { Problem } from '../../parts/problem.tsx';
import { currencyOf } from '../draft/benefit-currency.ts';
import { useEditing, useSpec } from '../draft/draft.context.ts';
import { useFieldName } from '../draft/field-names.ts';
import { firstUsers } from '../trial/trial-cases.ts';
import { firstOrder, quoteInput, type TillEdit, type TillOrder } from './till-order.ts';
import { OrderFields } from './order-fields.tsx';
import { TillQuote } from './till-quote.tsx';
import { useTillWords } from './till-words.ts';
import { TillVouchers } from './till-vouchers.tsx';
import './till.css';

const ASK_AFTER_MS = 500;
const MOST_RETRIES = 10;
const BUSY: readonly number[] = [429, 503];

export default function Till() {
  const words = useTillWords();
  const { t } = useTranslation();
  const fieldName = useFieldName();
  const { voucherId } = useEditing();
  const spec = useSpec();
  const { data: attributes } = useQuery(userAttributesQuery);
  const [edited, setEdited] = useState<TillOrder>();
  const [openedAt] = useState(Date.now);
  const first = useMemo(
    () => firstOrder(spec, currencyOf(spec), firstUsers(attributes?.items ?? [])[0]!, openedAt),
    [spec, attributes, openedAt],
  );
  const order = edited ?? first;
  const edit = (change: TillEdit): void => setEdited((before) => change(before ?? first));
  const input = useMemo(() => quoteInput(order, spec, voucherId), [order, spec, voucherId]);
  const settled = useSettled(input);
  const quote = useQuery({
    queryKey: ['dry-run', settled],
    queryFn: () => answer(services().pageDelivery.POST('/v1/dry-run/quotes', { body: settled })),
    placeholderData: keepPreviousData,
    gcTime: 0,
    // The test of the rules may be judged at the same time, and a caller may not have much judged at once.
    retry: (failures, error) => failures < MOST_RETRIES && BUSY.includes(problemFrom(error).status),
    retryDelay: ASK_AFTER_MS,
    // A spec may have 20,000 goods, so inputs are compared by identity instead of by content.
    queryKeyHashFn: () => `dry-quote ${versionOf(settled)}`,
  });
  const problem = quote.error ? problemFrom(quote.error) : undefined;
  const isCurrent = settled === input && !quote.isFetching;
  return (
    <div className="till">
      <OrderFields order={order} zone={spec.windows.timeZone} onEdit={edit} />
      <TillVouchers order={order} voucherId={voucherId} onEdit={edit} />
      {problem?.status === 400 ? (
        <div className="editor-fault" role="status">
          {words('unclear')}
          <ul>
            {problem.errors.slice(0, 5).map((fault) => (
              <li key={fault.pointer + fault.message}>
                {fieldName(fault.pointer.replace(/^\/draft\/spec/, ''))}: {faultShown(fault, t)}
              </li>
            ))}
          </ul>
        </div>
      ) : problem ? (
        <Problem error={problem} onRetry={() => void quote.refetch()} />
      ) : (
        quote.data && (
          <div className={isCurrent ? '' : 'trial-old'} aria-busy={!isCurrent}>
            <TillQuote quote={quote.data} voucherId={voucherId} amount={input.order.amount} />
          </div>
        )
      )}
    </div>
  );
}

/** The input that did not change for a moment. */
function useSettled(input: DryQuoteInput): DryQuoteInput {
  const [settled, setSettled] = useState(input);
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return undefined;
    }
    const timer = setTimeout(() => setSettled(input), ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [input]);
  return settled;
}

const versions = new WeakMap<object, number>();
let latest = 0;
function versionOf(input: object): number {
  if (!versions.has(input)) versions.set(input, ++latest);
  return versions.get(input)!;
}
