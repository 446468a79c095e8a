import { useId, useRef, type ReactNode } from 'react';
import { placeUnder } from './place-under.ts';
import './hint.css';

interface Described {
  'aria-describedby': string;
  title: undefined;
}

/** Shows a text while its element is hovered or has the focus. */
export function Hint({ text, children }: { text: string; children(described: Described): ReactNode }) {
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const hint = useRef<HTMLSpanElement>(null);
  const show = (): void => {
    hint.current!.togglePopover(true);
    placeUnder(anchor.current!, hint.current!);
  };
  const hide = (): void => void hint.current!.togglePopover(false);
  return (
    <span ref={anchor} onPointerEnter={show} onPointerLeave={hide} onFocus={show} onBlur={hide}>
      {children({ 'aria-describedby': id, title: undefined })}
      <span ref={hint} id={id} role="tooltip" popover="manual" className="hint">
        {text}
      </span>
    </span>
  );
}
