// Short notices about the result of an action. They disappear by themselves.
import { useSyncExternalStore } from 'react';
import './notices.css';

interface Notice {
  readonly text: string;
  readonly kind: 'done' | 'failed';
}

const SHOWN_MS = 4_000;
const MOST = 3;
let notices: readonly Notice[] = [];
const listeners = new Set<() => void>();

function setNotices(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

/** Shows a notice on any screen. */
export function notify(text: string, kind: Notice['kind'] = 'done'): void {
  const notice = { text, kind };
  setNotices([...notices, notice].slice(-MOST));
  setTimeout(() => setNotices(notices.filter((one) => one !== notice)), SHOWN_MS);
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The area of the notices. Screen readers read them. */
export function Notices() {
  const shown = useSyncExternalStore(subscribe, () => notices);
  return (
    <div role="status" className="notices">
      {shown.map((notice, index) => (
        <span key={index} className={`notice ${notice.kind}`}>
          {notice.text}
        </span>
      ))}
    </div>
  );
}
