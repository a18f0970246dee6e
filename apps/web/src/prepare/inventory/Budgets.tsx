import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { BUDGET_MEASURES, type BudgetMeasure, budgetFault } from '@firebreak/core/prepare/inventory';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows } from '../../ui/Card.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { amountIn, BUDGET_WORDS, sayBudget } from './budget-words.ts';
import { Form } from './PartForms.tsx';
import { Part, Row } from './Parts.tsx';

type Budget = AiSystem['budgets'][number];
const SYSTEMS = { refreshes: ['/api/v1/systems'] };

/** What one session may use up. */
export function Budgets({ system, edits }: { readonly system: AiSystem; readonly edits: boolean }) {
  const [open, setOpen] = useState<Budget | 'new' | null>(null);
  const remove = useAct(systemParts.removeBudget, SYSTEMS);
  const free = BUDGET_MEASURES.filter((measure) => !system.budgets.some((each) => each.measure === measure));
  return (
    <Part
      title="Budgets of a session"
      one="a budget"
      edits={edits && free.length > 0}
      onAdd={() => setOpen('new')}
      error={remove.error}
    >
      {system.budgets.length === 0 ? (
        <Empty title="No budget is set">Nobody is told when a session runs away with tokens, calls or money.</Empty>
      ) : (
        <Rows label="Budgets of a session">
          {system.budgets.map((budget) => (
            <Row
              key={budget.measure}
              name={BUDGET_WORDS[budget.measure]}
              says={sayBudget(budget)}
              action={
                edits && (
                  <>
                    <Button
                      size="sm"
                      look="quiet"
                      aria-label={`Change the budget: ${BUDGET_WORDS[budget.measure]}`}
                      onClick={() => setOpen(budget)}
                    >
                      Change …
                    </Button>
                    <Button
                      size="sm"
                      look="quiet"
                      aria-label={`Remove the budget: ${BUDGET_WORDS[budget.measure]}`}
                      busy={remove.isPending}
                      onClick={() =>
                        remove.mutate({ params: { system: system.id }, body: { measure: budget.measure } })
                      }
                    >
                      Remove
                    </Button>
                  </>
                )
              }
            />
          ))}
        </Rows>
      )}
      {open !== null && (
        <BudgetForm
          system={system}
          measures={open === 'new' ? free : [open.measure]}
          {...(open !== 'new' && { budget: open })}
          onClose={() => setOpen(null)}
        />
      )}
    </Part>
  );
}

function BudgetForm({
  system,
  budget,
  measures,
  onClose,
}: {
  system: AiSystem;
  budget?: Budget;
  measures: readonly BudgetMeasure[];
  onClose: () => void;
}) {
  const [measure, setMeasure] = useState<BudgetMeasure>(measures[0]!);
  const [soft, setSoft] = useState(String(budget?.soft ?? ''));
  const [hard, setHard] = useState(String(budget?.hard ?? ''));
  const [input, setInput] = useState(String(budget?.price?.input ?? ''));
  const [output, setOutput] = useState(String(budget?.price?.output ?? ''));
  const [currency, setCurrency] = useState(budget?.price?.currency ?? 'EUR');
  const [tried, setTried] = useState(false);
  const set = useAct(systemParts.setBudget, { ...SYSTEMS, done: onClose });
  const wanted = {
    measure,
    soft: amountIn(soft),
    hard: amountIn(hard),
    ...(measure === 'spend' && {
      price: { input: amountIn(input) ?? 0, output: amountIn(output) ?? 0, currency: currency.trim().toUpperCase() },
    }),
  };
  const fault = budgetFault(wanted)?.why;
  return (
    <Form
      title={budget ? 'Change a budget' : 'Set a budget'}
      does={budget ? 'Save' : 'Set'}
      busy={set.isPending}
      error={set.error}
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (fault === undefined) set.mutate({ params: { system: system.id }, body: wanted });
      }}
    >
      <Select
        label="What one session uses up"
        value={measure}
        onText={(value) => setMeasure(value as BudgetMeasure)}
        disabled={budget !== undefined}
        options={measures.map((value) => ({ value, label: BUDGET_WORDS[value] }))}
      />
      <Input
        label="Worth a look above"
        optional
        hint="A weak signal: it pages nobody by itself."
        inputMode="decimal"
        value={soft}
        onText={setSoft}
        error={tried ? fault : undefined}
      />
      <Input
        label="Must not happen above"
        optional
        hint="A verified signal, which pages."
        inputMode="decimal"
        value={hard}
        onText={setHard}
      />
      {measure === 'spend' && (
        <>
          <Input label="Price of a million tokens read" inputMode="decimal" value={input} onText={setInput} required />
          <Input
            label="Price of a million tokens written"
            inputMode="decimal"
            value={output}
            onText={setOutput}
            required
          />
          <Input label="Currency" hint="Three letters: EUR" value={currency} onText={setCurrency} required />
        </>
      )}
    </Form>
  );
}
