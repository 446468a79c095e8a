import type { ReactNode } from 'react';
import './empty.css';

/** Shown instead of an empty list, with advice. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty" role="status">
      <strong>{title}</strong>
      {children}
    </div>
  );
}
