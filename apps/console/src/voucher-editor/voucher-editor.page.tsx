// The editor of a new voucher, a copy or an existing voucher.
import type { Node, Voucher, VoucherStatus } from '@vouchers/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { Form } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useSession } from '../app/session.ts';
import { answerWithTag, services } from '../api/api.ts';
import { VIEWER_ZONE } from '../parts/moment.ts';
import { scopesToChange, useDenialReason } from '../parts/permitted-button.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { EditingContext, type Editing } from './draft/draft.context.ts';
import { Draft, type Origin } from './draft/draft.store.ts';
import { focusField } from './draft/field-focus.ts';
import { readDraft } from './draft/kept-draft.ts';
import { newSpec, specToCopy } from './draft/new-spec.ts';
import { isWithin } from './draft/pointer.ts';
import { useWords } from './editor-words.ts';
import { EditorBar, useStoredDraft } from './editor-bar.tsx';
import { GoodsSection } from './goods/goods.section.tsx';
import { Preview } from './preview/preview.tsx';
import { NODES, NodesSection } from './rules/nodes.section.tsx';
import { originOf } from './saving/save.ts';
import { Review } from './saving/review.tsx';
import { BasicsSection } from './sections/basics.section.tsx';
import { CopyDates } from './sections/copy-dates.tsx';
import { LabelsSection } from './sections/labels.section.tsx';
import { OperationsSection } from './sections/operations.section.tsx';
import { PoolSection } from './sections/pool.section.tsx';
import { QuantitiesSection } from './sections/quantities.section.tsx';
import { SectionLinks } from './sections/section.tsx';
import { TeamsSection } from './sections/teams.section.tsx';
import { WindowsSection } from './windows/windows.section.tsx';
import './voucher-editor.css';

/** `/vouchers/new?copy=` and `/vouchers/{id}/edit`. */
export function VoucherEditorPage() {
  const { id } = useParams({ strict: false });
  const { copy } = useSearch({ strict: false });
  const source = id ?? copy;
  const words = useWords();
  const { team } = useSession();
  // The voucher is read once. Changes that others save meanwhile are found when this one is saved.
  const read = useQuery({
    queryKey: ['voucher-to-edit', source],
    queryFn: () => answerWithTag(services().config.GET('/v1/vouchers/{id}', { params: { path: { id: source! } } })),
    enabled: source !== undefined,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  if (source !== undefined && read.isError) return <Problem error={read.error} onRetry={() => void read.refetch()} />;
  if (source !== undefined && !read.data) return <Placeholder rows={6} height={96} />;
  if (id) return <Editor key={id} storageKey={id} voucher={read.data!.value} origin={originOf(read.data!)} />;
  const base = copy
    ? { ...specToCopy(read.data!.value, team), name: words('copyName', { name: read.data!.value.name }).slice(0, 200) }
    : newSpec(new Date().toISOString(), VIEWER_ZONE);
  return (
    <Editor
      key={copy ?? 'new'}
      storageKey={copy ? `copy.${copy}` : 'new'}
      copied={copy ? read.data!.value : undefined}
      origin={{ base, version: 0, tag: undefined }}
    />
  );
}

interface Props {
  storageKey: string;
  origin: Origin;
  /** The voucher that is changed. */
  voucher?: Voucher;
  /** The voucher that is copied. */
  copied?: Voucher;
}

const FROZEN = ['/clock', '/windows/timeZone'];

function Editor({ storageKey, origin, voucher, copied }: Props) {
  const [{ draft, isRestored }] = useState(() => {
    const kept = readDraft(storageKey);
    return { draft: kept ? new Draft(kept.origin, kept.spec) : new Draft(origin), isRestored: kept !== undefined };
  });
  const queries = useQueryClient();
  const state: VoucherStatus = voucher?.state ?? 'draft';
  const denialReason = useDenialReason({ scope: scopesToChange(state), team: voucher?.team });
  const isClosed = denialReason !== undefined || state === 'terminated';
  const editing = useMemo<Editing>(
    () => ({
      draft,
      voucherId: voucher?.id,
      isLocked: (pointer) => isClosed || (state !== 'draft' && FROZEN.some((frozen) => isWithin(pointer, frozen))),
    }),
    [draft, voucher?.id, isClosed, state],
  );
  const [node, setNode] = useState<Node>('claim');
  const [isReviewing, setReviewing] = useState(false);
  const isKept = useStoredDraft(draft, storageKey);
  useEffect(() => () => queries.removeQueries({ queryKey: ['dry-run'] }), [queries]);

  const goTo = (pointer: string): void => {
    setReviewing(false);
    const inNode = NODES.find((one) => isWithin(pointer, `/nodes/${one}`));
    if (inNode) setNode(inNode);
    // First the dialog returns the focus, and the fields of another node are rendered.
    setTimeout(() => focusField(pointer), 60);
  };
  const review = (): void => (draft.unread ? goTo(draft.unread) : setReviewing(true));

  return (
    <EditingContext value={editing}>
      <div className="voucher-editor">
        <EditorBar
          voucher={voucher}
          copied={copied}
          denialReason={denialReason}
          isRestored={isRestored}
          isKept={isKept}
          isClosed={isClosed}
          onReview={review}
        />
        <Form component={false} layout="vertical" colon={false}>
          <div className="editor-columns">
            <SectionLinks />
            <div className="stack">
              {copied && <CopyDates />}
              <BasicsSection />
              <QuantitiesSection />
              <WindowsSection />
              <NodesSection node={node} onNode={setNode} />
              <OperationsSection />
              <PoolSection />
              <GoodsSection />
              <LabelsSection />
              <TeamsSection />
            </div>
            <Preview />
          </div>
        </Form>
        {isReviewing && (
          <Review
            voucherId={voucher?.id}
            state={state}
            team={voucher?.team}
            storageKey={storageKey}
            onClose={() => setReviewing(false)}
            onField={goTo}
          />
        )}
      </div>
    </EditingContext>
  );
}
