// The editor of a new voucher, a copy or an existing voucher.
import type { Node, Voucher, VoucherSpec, VoucherStatus } from '@vouchers/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { Form } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { editorFilters } from '../app/filters.ts';
import { useSession } from '../app/session.ts';
import { versionQuery } from '../api/queries.ts';
import { answerWithTag, services } from '../api/api.ts';
import { VIEWER_ZONE } from '../parts/moment.ts';
import { scopesToChange, useDenialReason } from '../parts/permitted-button.tsx';
import { AfterFirstPaint } from '../parts/after-first-paint.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { EditingContext, type Editing } from './draft/draft.context.ts';
import { Draft, type Origin } from './draft/draft.store.ts';
import { focusField } from './draft/field-focus.ts';
import { readDraft } from './draft/kept-draft.ts';
import { newSpec, specToCopy } from './draft/new-spec.ts';
import { isWithin } from './draft/pointer.ts';
import { simulationQuery } from '../what-if/simulations.ts';
import { savedQuery } from '../api/saved.ts';
import { BUILT_IN, fromTemplate, savedSpec } from './draft/templates.ts';
import { useWords, type Words } from './editor-words.ts';
import { EditorBar, useStoredDraft } from './editor-bar.tsx';
import { GoodsSection } from './goods/goods.section.tsx';
import { Preview } from './preview/preview.tsx';
import { NODES_OF, NodesBefore, NodesSection } from './rules/nodes.section.tsx';
import { originOf } from './saving/save.ts';
import { Review } from './saving/review.tsx';
import { BasicsSection } from './sections/basics.section.tsx';
import { CopyDates } from './sections/copy-dates.tsx';
import { LabelsSection } from './sections/labels.section.tsx';
import { OperationsSection } from './sections/operations.section.tsx';
import { PoolSection } from './sections/pool.section.tsx';
import { QuantitiesSection } from './sections/quantities.section.tsx';
import { TemplateChoice } from './sections/template-choice.tsx';
import { beginningAt } from './windows/window-edges.ts';
import { Advanced, isAdvanced, SectionLinks } from './sections/section.tsx';
import { TillSection } from './till/till.section.tsx';
import { TeamsSection } from './sections/teams.section.tsx';
import { WindowsSection } from './windows/windows.section.tsx';
import './voucher-editor.css';

/** Before the name of a template that the team saved. */
const OWN = 'own:';

/** `/vouchers/new?copy=` and `/vouchers/{id}/edit`. */
export function VoucherEditorPage() {
  const { id } = useParams({ strict: false });
  const { copy, restore, template, simulation } = editorFilters({ ...useSearch({ strict: false }) });
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
  const ownTemplate = template?.startsWith(OWN) ? template.slice(OWN.length) : undefined;
  const templates = useQuery({ ...savedQuery('templates'), enabled: ownTemplate !== undefined });
  const restored = useQuery({
    ...versionQuery(id ?? '', restore ?? 0),
    enabled: id !== undefined && restore !== undefined,
  });
  const asked = useQuery({
    ...simulationQuery(simulation ?? ''),
    enabled: id !== undefined && simulation !== undefined,
  });
  if (asked.isError) return <Problem error={asked.error} onRetry={() => void asked.refetch()} />;
  if (id && simulation !== undefined && !asked.data) return <Placeholder rows={6} height={96} />;
  if (restored.isError) return <Problem error={restored.error} onRetry={() => void restored.refetch()} />;
  if (id && restore !== undefined && !restored.data) return <Placeholder rows={6} height={96} />;
  if (source !== undefined && read.isError) return <Problem error={read.error} onRetry={() => void read.refetch()} />;
  if (source !== undefined && !read.data) return <Placeholder rows={6} height={96} />;
  if (id)
    return (
      <Editor
        key={`${id} ${restore} ${simulation}`}
        storageKey={id}
        voucher={read.data!.value}
        origin={originOf(read.data!)}
        restored={restoredSpec(restored.data?.spec, asked.data?.spec, read.data!.value)}
      />
    );
  if (ownTemplate !== undefined && templates.isPending) return <Placeholder rows={6} height={96} />;
  const own = templates.data?.find(({ name }) => name === ownTemplate);
  const base = copy
    ? { ...specToCopy(read.data!.value, team), name: words('copyName', { name: read.data!.value.name }).slice(0, 200) }
    : specFrom(template, own && savedSpec(own.value), newSpec(new Date().toISOString(), VIEWER_ZONE), words);
  return (
    <Editor
      key={copy ?? template ?? 'new'}
      storageKey={copy ? `copy.${copy}` : template ? `template.${template}` : 'new'}
      template={copy ? undefined : { chosen: template }}
      copied={copy ? read.data!.value : undefined}
      origin={{ base, version: 0, tag: undefined }}
    />
  );
}

/** The spec that a new voucher starts from. Its windows are those of a new one. */
function specFrom(
  template: string | undefined,
  own: VoucherSpec | undefined,
  base: VoucherSpec,
  words: Words,
): VoucherSpec {
  const builtIn = BUILT_IN.find((one) => one === template);
  if (builtIn) return fromTemplate(builtIn, base, words(`template.${builtIn}`));
  return own ? { ...own, windows: beginningAt(own.windows, base.windows.valid.from) } : base;
}

interface Props {
  storageKey: string;
  origin: Origin;
  /** The voucher that is changed. */
  voucher?: Voucher;
  /** The voucher that is copied. */
  copied?: Voucher;
  /** The template of a new voucher. */
  template?: { chosen: string | undefined };
  /** The spec of an earlier version, to be saved again. */
  restored?: VoucherSpec;
}

const FROZEN = ['/clock', '/windows/timeZone'];

/** A published voucher keeps what publication froze. */
const specAgain = (spec: VoucherSpec, { state, clock, windows }: Voucher): VoucherSpec =>
  state === 'draft' ? spec : { ...spec, clock, windows: { ...spec.windows, timeZone: windows.timeZone } };

/** The spec of an earlier version, or one that a simulation asked about, which came without goods. */
function restoredSpec(
  earlier: VoucherSpec | undefined,
  asked: VoucherSpec | undefined,
  voucher: Voucher,
): VoucherSpec | undefined {
  const spec = earlier ?? (asked && { ...asked, goods: voucher.goods });
  return spec && specAgain(spec, voucher);
}

function Editor({ storageKey, origin, voucher, copied, template, restored }: Props) {
  const [{ draft, isRestored }] = useState(() => {
    if (restored) return { draft: new Draft(origin, restored), isRestored: false };
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
  const [shown, setShown] = useState<{ nodes: Node; life: Node }>({ nodes: 'claim', life: 'enable' });
  const [isAdvancedOpen, setAdvancedOpen] = useState(false);
  const [isReviewing, setReviewing] = useState(false);
  const isKept = useStoredDraft(draft, storageKey);
  useEffect(() => () => queries.removeQueries({ queryKey: ['dry-run'] }), [queries]);

  const goTo = (pointer: string): void => {
    setReviewing(false);
    for (const section of ['nodes', 'life'] as const) {
      const node = NODES_OF[section].find((one) => isWithin(pointer, `/nodes/${one}`));
      if (node) setShown({ ...shown, [section]: node });
    }
    if (isAdvanced(pointer)) setAdvancedOpen(true);
    // First the dialog returns the focus, and the fields of another node or section are rendered.
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
            <SectionLinks onAdvanced={() => setAdvancedOpen(true)} />
            <div className="stack">
              {template && <TemplateChoice chosen={template.chosen} />}
              {copied && <CopyDates />}
              <BasicsSection />
              <AfterFirstPaint before={<NodesBefore />}>
                <NodesSection section="nodes" node={shown.nodes} onNode={(nodes) => setShown({ ...shown, nodes })} />
                <QuantitiesSection />
                <WindowsSection />
                <OperationsSection />
                <LabelsSection />
                <TillSection />
                <Advanced isOpen={isAdvancedOpen} onToggle={setAdvancedOpen}>
                  <NodesSection section="life" node={shown.life} onNode={(life) => setShown({ ...shown, life })} />
                  <PoolSection />
                  <GoodsSection />
                  <TeamsSection />
                </Advanced>
              </AfterFirstPaint>
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
