import { atMost } from '../parts/characters.ts';
import { notify } from '../parts/notices.tsx';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { services } from '../api/api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Problem } from '../parts/problem.tsx';

const LONGEST = 500;

/** Asks for the reason, then revokes a claim. */
export function Revocation({ claimId, onClose }: { claimId: string; onClose(): void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const revoke = useMutation({
    mutationFn: () =>
      services().pageDelivery.POST('/v1/claims/{id}/revoke', {
        params: { path: { id: claimId } },
        body: { reason: reason.trim() },
      }),
    onSuccess: ({ response }) => {
      notify(t(response.status === 202 ? 'screens.claim.pendingText' : 'screens.claim.revoked'));
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['claim', claimId] }),
  });
  return (
    <Dialog
      title={t('screens.claim.revokeTitle')}
      ok={{
        text: t('screens.claim.revoke'),
        danger: true,
        disabled: reason.trim() === '',
        busy: revoke.isPending,
      }}
      onOk={() => revoke.mutate()}
      onClose={onClose}
    >
      <p>{t('screens.claim.revokeText')}</p>
      <label className="stack">
        {t('screens.claim.revokeReason')}
        <textarea
          className="field"
          rows={3}
          value={reason}
          onChange={({ target }) => setReason(atMost(LONGEST, target.value))}
        />
      </label>
      {revoke.error && <Problem error={revoke.error} onRetry={() => revoke.mutate()} />}
    </Dialog>
  );
}
