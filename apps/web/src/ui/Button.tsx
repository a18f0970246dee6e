import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { cx } from './cx.ts';
import { Kbd } from './Kbd.tsx';

export type ButtonLook = 'plain' | 'strong' | 'brake' | 'quiet' | 'danger';

const LOOKS: Record<ButtonLook, string> = {
  plain: 'border-line-strong bg-surface text-ink hover:border-edge hover:bg-sunken',
  strong: 'border-ink bg-ink text-surface hover:bg-ink-2 hover:border-ink-2',
  brake: 'border-ember bg-ember text-ember-ink hover:bg-ember-hover hover:border-ember-hover',
  danger: 'border-ember-line bg-surface text-ember hover:bg-ember-soft',
  quiet: 'border-transparent bg-transparent text-ink-2 hover:bg-sunken hover:text-ink',
};

export function buttonClass(look: ButtonLook = 'plain', size: 'sm' | 'md' | 'lg' = 'md'): string {
  return cx(
    'inline-flex shrink-0 select-none items-center justify-center gap-2 rounded-md border font-[560] whitespace-nowrap transition-colors duration-100',
    'disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55',
    size === 'sm' && 'min-h-7 px-2.5 text-xs',
    size === 'md' && 'min-h-9 px-3.5 text-sm',
    size === 'lg' && 'min-h-11 px-5 text-base',
    look === 'brake' && 'font-[660]',
    LOOKS[look],
  );
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: ButtonLook;
  size?: 'sm' | 'md' | 'lg';
  /** The single key that does the same, shown on the button. */
  hotkey?: string;
  /** While true the button waits: it says so and takes no further press. */
  busy?: boolean;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ look, size, hotkey, busy, children, className, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cx(buttonClass(look, size), className)}
    >
      {children}
      {hotkey && <Kbd plain>{hotkey}</Kbd>}
    </button>
  );
}
