import type { Scope, VoucherStatus } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { useSession } from '../app/session.ts';
import { Button, type ButtonProps } from './button.tsx';
import { Hint } from './hint.tsx';

interface Permission {
  /** All of them are needed. */
  scope: Scope | readonly Scope[];
  /** If set, only this team is permitted. */
  team?: string;
}

/** The scopes to change a voucher. The change of a draft waits for its publication; any other is live at once. */
export const scopesToChange = (state: VoucherStatus): readonly Scope[] =>
  state === 'draft' ? ['vouchers:write'] : ['vouchers:write', 'vouchers:publish'];

/** The reason why the user is not permitted; undefined if they are. */
export function useDenialReason({ scope, team }: Permission): string | undefined {
  const { t } = useTranslation();
  const session = useSession();
  const missing = [scope].flat().find((one) => !session.scopes.has(one));
  if (missing !== undefined) return t('frame.needsScope', { scope: missing });
  if (team !== undefined && team !== session.team) return t('frame.otherTeam', { team });
  return undefined;
}

/** A button that is disabled for users without the permission. A hint tells them what is missing. */
export function PermittedButton({ scope, team, onClick, ...button }: Permission & ButtonProps) {
  const denialReason = useDenialReason({ scope, team });
  if (denialReason === undefined) return <Button {...button} onClick={onClick} />;
  return (
    <Hint text={denialReason}>
      {(described) => (
        <Button {...button} {...described} aria-disabled className={`${button.className ?? ''} hindered`} />
      )}
    </Hint>
  );
}
