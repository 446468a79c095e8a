import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { versionQuery, voucherQuery } from '../api/queries.ts';
import { PermittedButton, scopesToChange } from '../parts/permitted-button.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { SettingsList } from './settings-list.tsx';
import { useVersionWords } from './version-words.ts';

/** A version beside the present one, both in full. It can be restored as a new version. */
export function VersionsInFull({ id, version }: { id: string; version: number }) {
  const { t } = useTranslation();
  const words = useVersionWords();
  const navigate = useNavigate();
  const chosen = useQuery(versionQuery(id, version));
  const now = useQuery(voucherQuery(id));
  const error = chosen.error ?? now.error;
  if (error) return <Problem error={error} onRetry={() => void Promise.all([chosen.refetch(), now.refetch()])} />;
  if (!chosen.data || !now.data) return <Placeholder rows={4} height={80} />;
  const { value: voucher } = now.data;
  return (
    <>
      {voucher.state !== 'terminated' && version < voucher.version && (
        <div className="row">
          <PermittedButton
            scope={scopesToChange(voucher.state)}
            team={voucher.team}
            onClick={() => void navigate({ to: '/vouchers/$id/edit', params: { id }, search: { restore: version } })}
          >
            {words('restore', { version })}
          </PermittedButton>
          <span className="muted">{words('restoreText')}</span>
        </div>
      )}
      <div className="versions-in-full">
        <SettingsList id={id} spec={chosen.data.spec} title={t('terms.version', { version })} />
        {version < voucher.version && (
          <SettingsList id={id} spec={voucher} title={words('current', { version: voucher.version })} />
        )}
      </div>
    </>
  );
}
