import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import { cx } from './cx.ts';

const BOX =
  'w-full rounded-md border border-edge bg-surface px-3 py-2 text-base text-ink placeholder:text-ink-3 phone:text-sm ' +
  'aria-invalid:border-ember disabled:bg-sunken disabled:text-ink-3';

interface Shell {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong and what to do. */
  error?: string | undefined;
  optional?: boolean;
  hideLabel?: boolean;
}

function Wrapped({
  id,
  label,
  hint,
  error,
  optional,
  hideLabel,
  children,
}: Shell & { id: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={cx('mb-1 block text-sm font-[600]', hideLabel && 'sr-only')}>
        {label}
        {optional && <span className="font-normal text-ink-3"> · optional</span>}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-xs text-ink-3">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="mt-1 text-xs font-[600] text-ember">
          {error}
        </p>
      )}
    </div>
  );
}

function aria(id: string, { hint, error }: Shell) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return { 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined };
}

type InputProps = Shell & Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> & { onText: (text: string) => void };

export function Input({ label, hint, error, optional, hideLabel, onText, className, ...rest }: InputProps) {
  const id = useId();
  const shell = { label, hint, error, ...(optional ? { optional } : {}), ...(hideLabel ? { hideLabel } : {}) };
  return (
    <Wrapped id={id} {...shell}>
      <input
        id={id}
        {...rest}
        {...aria(id, shell)}
        onChange={(event) => onText(event.target.value)}
        className={cx(BOX, className)}
      />
    </Wrapped>
  );
}

type TextAreaProps = Shell &
  Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange'> & { onText: (text: string) => void };

export function TextArea({ label, hint, error, optional, hideLabel, onText, className, ...rest }: TextAreaProps) {
  const id = useId();
  const shell = { label, hint, error, ...(optional ? { optional } : {}), ...(hideLabel ? { hideLabel } : {}) };
  return (
    <Wrapped id={id} {...shell}>
      <textarea
        id={id}
        rows={3}
        {...rest}
        {...aria(id, shell)}
        onChange={(event) => onText(event.target.value)}
        className={cx(BOX, 'block resize-y', className)}
      />
    </Wrapped>
  );
}

type SelectProps = Shell &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange'> & {
    onText: (text: string) => void;
    options: readonly { readonly value: string; readonly label: string }[];
  };

export function Select({ label, hint, error, optional, hideLabel, onText, options, className, ...rest }: SelectProps) {
  const id = useId();
  const shell = { label, hint, error, ...(optional ? { optional } : {}), ...(hideLabel ? { hideLabel } : {}) };
  return (
    <Wrapped id={id} {...shell}>
      <select
        id={id}
        {...rest}
        {...aria(id, shell)}
        onChange={(event) => onText(event.target.value)}
        className={cx(BOX, 'pr-8', className)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Wrapped>
  );
}

export function Check({
  label,
  hint,
  checked,
  onCheck,
  disabled,
}: {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onCheck: (checked: boolean) => void;
  disabled?: boolean;
}) {
  return (
    <label className={cx('flex gap-2.5 py-1', disabled && 'text-ink-3')}>
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onCheck(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-[var(--ink)]"
      />
      <span className="min-w-0">
        <span className="font-[560]">{label}</span>
        {hint && <span className="block text-xs text-ink-3">{hint}</span>}
      </span>
    </label>
  );
}

interface Option<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
}

/** One of several, each with its own explanation: real radio buttons in boxes. */
export function Choice<V extends string>({
  legend,
  name,
  value,
  options,
  onPick,
  columns = 1,
  hideLegend,
}: {
  legend: ReactNode;
  name: string;
  value: V | null;
  options: readonly Option<V>[];
  onPick: (value: V) => void;
  columns?: 1 | 2 | 3 | 4;
  hideLegend?: boolean;
}) {
  return (
    <fieldset className="min-w-0">
      <legend className={cx('mb-1.5 text-sm font-[600]', hideLegend && 'sr-only')}>{legend}</legend>
      <div
        className={cx(
          'grid gap-2',
          columns === 2 && 'phone:grid-cols-2',
          columns === 3 && 'phone:grid-cols-3',
          columns === 4 && 'grid-cols-2 phone:grid-cols-4',
        )}
      >
        {options.map((option) => (
          <label
            key={option.value}
            className={cx(
              'flex gap-2.5 rounded-md border border-line-strong px-3 py-2.5 has-[:checked]:border-ink has-[:checked]:bg-sunken has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-blue',
              option.disabled ? 'text-ink-3' : 'hover:border-edge',
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={value === option.value}
              disabled={option.disabled}
              onChange={() => onPick(option.value)}
              className="mt-1 size-3.5 shrink-0 accent-[var(--ink)] outline-none"
            />
            <span className="min-w-0">
              <span className="block font-[560]">{option.label}</span>
              {option.hint && <span className="block text-xs text-ink-2">{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
