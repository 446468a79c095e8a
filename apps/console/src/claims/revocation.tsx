import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { services } from '../api/api.ts';
import { Problem } from '../parts/problem.tsx';

const LONGEST = 500;

/** Asks why, then takes a claim back. */
export function Revocation({ claimId, onClose }: { claimId: string; onClose(): void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const revoke = useMutation({
    mutationFn: () =>
      services().pageDelivery.POST('/v1/claims/{id}/revoke', {
        params: { path: { id: claimId } },
        body: { reason: reason.trim() },
      }),
    onSuccess: ({ response }) => {
      void message.success(t(response.status === 202 ? 'screens.claim.pendingText' : 'screens.claim.revoked'));
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['claim', claimId] }),
  });
  return (
    <Modal
      open
      title={t('screens.claim.revokeTitle')}
      okText={t('screens.claim.revoke')}
      okButtonProps={{ danger: true, disabled: reason.trim() === '' }}
      cancelText={t('frame.cancel')}
      confirmLoading={revoke.isPending}
      onOk={() => revoke.mutate()}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('screens.claim.revokeText')}</p>
        <label className="stack">
          {t('screens.claim.revokeReason')}
          <Input.TextArea
            autoFocus
            rows={3}
            maxLength={LONGEST}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        </label>
        {revoke.error && <Problem error={revoke.error} onRetry={() => revoke.mutate()} />}
      </div>
    </Modal>
  );
}
