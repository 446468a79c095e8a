import { startTransition, useEffect, useState, type ReactNode } from 'react';

interface Props {
  children: ReactNode;
  /** The placeholder until then. */
  before: ReactNode;
}

/** Renders what is below the first screen when that has been painted, so that it is seen sooner. */
export function AfterFirstPaint({ children, before }: Props) {
  const [isPainted, setPainted] = useState(false);
  useEffect(() => {
    // The frame is painted after its callbacks have run, so before the next task.
    let task: ReturnType<typeof setTimeout>;
    const frame = requestAnimationFrame(() => {
      task = setTimeout(() => startTransition(() => setPainted(true)));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(task);
    };
  }, []);
  return isPainted ? children : before;
}
