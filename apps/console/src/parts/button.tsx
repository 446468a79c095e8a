import type { ComponentProps, ReactNode } from 'react';
import './button.css';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'type'> {
  type?: 'default' | 'primary' | 'text' | 'link';
  size?: 'small' | 'large';
  danger?: boolean;
  icon?: ReactNode;
  /** True while its action runs. Presses have no effect meanwhile. */
  loading?: boolean;
  htmlType?: 'button' | 'submit';
}

/** The console's button. It is a native one, so that the first screen need not wait for a library. */
export function Button({
  type = 'default',
  size,
  danger = false,
  icon,
  loading = false,
  htmlType = 'button',
  className = '',
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const look = ['button', type, size, danger && 'danger', children === undefined && 'bare', className];
  return (
    <button
      {...rest}
      type={htmlType}
      className={look.filter(Boolean).join(' ')}
      {...(loading && { 'aria-busy': true, 'aria-disabled': true })}
      onClick={loading ? (event) => event.preventDefault() : onClick}
    >
      {loading ? <span className="spinner" aria-hidden /> : icon}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}
