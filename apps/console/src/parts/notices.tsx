// What has just come of something, said for a moment.
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

function become(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

/** Says it on whatever screen is there. */
export function say(text: string, kind: Notice['kind'] = 'done'): void {
  const notice = { text, kind };
  become([...notices, notice].slice(-MOST));
  setTimeout(() => become(notices.filter((one) => one !== notice)), SHOWN_MS);
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Where it is shown, and read out. */
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
