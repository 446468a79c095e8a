import type { Scope } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { useSession } from '../app/session.ts';
import { Button, type ButtonProps } from './button.tsx';
import { Hint } from './hint.tsx';

interface Permission {
  scope: Scope;
  /** The team that alone may do it, where there is one. */
  team?: string;
}

/** Why the visitor may not do it; undefined: they may. */
export function useHindrance({ scope, team }: Permission): string | undefined {
  const { t } = useTranslation();
  const session = useSession();
  if (!session.scopes.has(scope)) return t('frame.needsScope', { scope });
  if (team !== undefined && team !== session.team) return t('frame.otherTeam', { team });
  return undefined;
}

/** A button for those who may press it. For others it keeps its place and says what is missing. */
export function PermittedButton({ scope, team, onClick, ...button }: Permission & ButtonProps) {
  const hindrance = useHindrance({ scope, team });
  if (hindrance === undefined) return <Button {...button} onClick={onClick} />;
  return (
    <Hint text={hindrance}>
      {(described) => (
        <Button {...button} {...described} aria-disabled className={`${button.className ?? ''} hindered`} />
      )}
    </Hint>
  );
}
