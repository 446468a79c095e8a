// The review before saving: all changed fields, the immediate effect, and the buttons to save.
import { notify } from '../../parts/notices.tsx';
import type { VoucherStatus } from '@vouchers/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Alert, Modal } from 'antd';
import { Button } from '../../parts/button.tsx';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemFrom, type ApiProblem } from '../../api/api-problem.ts';
import { voucherQuery } from '../../api/queries.ts';
import { PermittedButton, scopesToChange } from '../../parts/permitted-button.tsx';
import { faultShown } from '../../parts/fault-text.ts';
import { Problem, problemShown } from '../../parts/problem.tsx';
import { resolveClashes, mergeSpecs } from '../draft/changes.ts';
import { useDraft, useEditing } from '../draft/draft.context.ts';
import type { Origin } from '../draft/draft.store.ts';
import { fieldName } from '../draft/field-names.ts';
import { forget } from '../draft/kept-draft.ts';
import { useWords } from '../editor-words.ts';
import { ChangesTable } from './changes-table.tsx';
import { ClashView, type Choices } from './clash.tsx';
import { publish, save } from './save.ts';
import { SummaryShown } from './summary-shown.tsx';

interface Props {
  voucherId: string | undefined;
  state: VoucherStatus;
  team: string | undefined;
  storageKey: string;
  onClose(): void;
  /** Called to go to the field of a fault. */
  onField(pointer: string): void;
}

export function Review({ voucherId, state, team, storageKey, onClose, onField }: Props) {
  const words = useWords();
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { draft } = useEditing();
  const changes = useDraft((one) => one.changes);
  const faults = useDraft((one) => one.faults);
  const [saving, setSaving] = useState<'save' | 'publish'>();
  const [problem, setProblem] = useState<ApiProblem>();
  const [theirs, setTheirs] = useState<Origin>();
  const [choices, setChoices] = useState<Choices>({});

  const { base } = draft.origin;
  const merge = theirs && mergeSpecs(base, draft.spec, theirs.base);
  const isDecided = !merge || merge.clashes.every(({ pointer }) => choices[pointer]);
  const isLive = state !== 'draft';

  const run = async (then: 'save' | 'publish'): Promise<void> => {
    if (saving || !isDecided) return;
    setSaving(then);
    setProblem(undefined);
    if (theirs && merge) {
      const mine = new Set(Object.keys(choices).filter((pointer) => choices[pointer] === 'mine'));
      draft.rebase(theirs, resolveClashes(merge, mine));
      setTheirs(undefined);
      setChoices({});
    }
    const result = await save(voucherId, draft.spec, draft.origin.tag);
    setSaving(undefined);
    switch (result.is) {
      case 'saved':
        return finish(result.voucher.id, result.voucher.version, result.tag, then);
      case 'faults':
        draft.setFaults(result.faults);
        notify(words('review.faults', { count: result.faults.length }), 'failed');
        return onField(result.faults[0]!.pointer);
      case 'clash':
        return setTheirs(result.theirs);
      case 'problem':
        return setProblem(result.problem);
    }
  };

  const finish = async (id: string, version: number, tag: string, then: 'save' | 'publish'): Promise<void> => {
    forget(storageKey);
    draft.rebase({ base: draft.spec, version, tag });
    if (then === 'publish') {
      await publish(id, tag).then(
        () => notify(words('review.published')),
        (error: unknown) =>
          notify(
            `${words('review.savedNotPublished')}: ${Object.values(problemShown(problemFrom(error), t)).join(' ')}`,
            'failed',
          ),
      );
    } else notify(words('review.saved', { version }));
    await Promise.all([
      queries.invalidateQueries({ queryKey: voucherQuery(id).queryKey }),
      queries.invalidateQueries({ queryKey: ['vouchers'] }),
    ]);
    await navigate({ to: '/vouchers/$id', params: { id } });
  };

  const saveLabel = theirs
    ? words('clash.save', { version: theirs.version })
    : words(isLive ? 'review.saveLive' : voucherId ? 'review.save' : 'review.saveDraft');
  return (
    <Modal
      open
      width={860}
      title={words('review.title')}
      onCancel={onClose}
      footer={
        <div className="row review-foot">
          <Button onClick={onClose}>{words('review.cancel')}</Button>
          <PermittedButton
            scope={scopesToChange(state)}
            team={team}
            type={isLive ? 'primary' : 'default'}
            loading={saving === 'save'}
            disabled={!isDecided}
            onClick={() => void run('save')}
          >
            {saveLabel}
          </PermittedButton>
          {!isLive && (
            <PermittedButton
              scope="vouchers:publish"
              team={team}
              type="primary"
              loading={saving === 'publish'}
              disabled={!isDecided}
              onClick={() => void run('publish')}
            >
              {words('review.publish')}
            </PermittedButton>
          )}
        </div>
      }
    >
      <div className="stack">
        {isLive && changes.length > 0 && (
          <Alert type="warning" showIcon title={words('review.live', { state: t(`terms.state.${state}`) })} />
        )}
        {problem && <Problem error={problem} onRetry={() => void run('save')} />}
        {faults.length > 0 && (
          <Alert
            type="error"
            title={words('review.faults', { count: faults.length })}
            description={
              <ul className="review-faults">
                {faults.map((fault) => (
                  <li key={fault.pointer + fault.message}>
                    <Button type="link" size="small" onClick={() => onField(fault.pointer)}>
                      {fieldName(fault.pointer, words)}
                    </Button>
                    {faultShown(fault, t)}
                  </li>
                ))}
              </ul>
            }
          />
        )}
        <SummaryShown />
        {merge && theirs ? (
          <ClashView
            merge={merge}
            version={theirs.version}
            choices={choices}
            onChoose={(pointer, whose) => setChoices((before) => ({ ...before, [pointer]: whose }))}
          />
        ) : changes.length > 0 ? (
          <ChangesTable changes={changes} spec={draft.spec} />
        ) : (
          voucherId && <p className="muted">{words('review.none')}</p>
        )}
      </div>
    </Modal>
  );
}
