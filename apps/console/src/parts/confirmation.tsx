import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Dialog } from './dialog.tsx';
import { Problem } from './problem.tsx';

interface Props {
  title: string;
  /** The name of the thing that is changed or deleted. */
  name: string;
  ok: { text: string; danger?: boolean; disabled?: boolean };
  act(): Promise<unknown>;
  onDone(): void;
  /** Called after each attempt, also after one that failed. */
  onSettled?(): Promise<unknown>;
  onClose(): void;
  children: ReactNode;
}

/** Asks before a change that cannot easily be undone. If it fails, shows why and offers to try again. */
export function Confirmation({ title, name, ok, act, onDone, onSettled, onClose, children }: Props) {
  const change = useMutation({ mutationFn: act, onSuccess: onDone, onSettled: () => onSettled?.() });
  return (
    <Dialog title={title} ok={{ ...ok, busy: change.isPending }} onOk={() => change.mutate()} onClose={onClose}>
      <p>
        <strong>
          <bdi>{name}</bdi>
        </strong>
      </p>
      {children}
      {change.error && <Problem error={change.error} onRetry={() => change.mutate()} />}
    </Dialog>
  );
}
