use super::algorithm::Model;
use super::sites::{Fitted, Site, Value};
use super::{AnelasticContact, IndentationError, Input, SegmentChoice, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::method::MethodError;
use crate::theory::transition_kinetics::barrier_from_duration;

pub(super) fn outcome(method: &AnelasticContact, input: &Input, sites: &[Site]) -> Result<Outcome, MethodError> {
    let fitted: Vec<&Fitted> = sites.iter().filter_map(|site| site.fit.as_ref()).collect();
    let Some(first) = fitted.first() else {
        if let Some((site, (what, share))) = sites.iter().find_map(|site| Some((site, site.negative?))) {
            return Err(IndentationError::Negative { test: site.name.clone(), share: 100.0 * share, what }.into());
        }
        let first = sites.first().map(|site| format!("{}: {}", site.name, site.reason.unwrap_or("not fitted")));
        return Err(IndentationError::NoUsableTest { total: sites.len(), first: first.unwrap_or_default() }.into());
    };
    let mut estimates = Vec::new();
    if fitted.len() == 1 {
        estimates.extend(of_one(input, first));
    }
    let n = fitted.len() as f64;
    estimates.push(Estimate::without_interval("n_sites", "n", n, "", "counted, without error"));
    let identified = fitted.iter().filter(|site| site.values.time.is_closed()).count() as f64;
    estimates.push(Estimate::without_interval("share_identified", "", identified / n, "", "a share of these tests"));
    Ok(Outcome {
        estimates,
        tables: vec![table(input, sites)],
        figures: figures::all(sites, input),
        notes: notes(method, input, sites, &fitted),
        ..Outcome::default()
    })
}

fn word(model: Model) -> &'static str {
    match model {
        Model::Elastic => "elastic",
        Model::Kelvin => "kelvin",
        Model::StandardLinear => "standard_linear",
    }
}

/// Systematic share of the modulus: `G` goes with `(1 - ν)/sqrt(R)`.
fn systematic(input: &Input) -> Option<f64> {
    let radius = input.radius.relative_error().map(|share| 0.5 * share);
    let poisson = input.poisson_ratio.std_error.map(|error| error / (1.0 - input.poisson_ratio.value));
    (radius.is_some() || poisson.is_some()).then(|| radius.unwrap_or(0.0).hypot(poisson.unwrap_or(0.0)))
}

fn estimate(key: &str, symbol: &str, unit: &str, value: &Value, systematic: Option<f64>) -> Estimate {
    let (lo, hi) = value.interval;
    let interval = (if lo > 0.0 { lo } else { f64::NAN }, if hi.is_finite() { hi } else { f64::NAN });
    let estimate = if interval.0.is_nan() && interval.1.is_nan() {
        Estimate::without_interval(key, symbol, value.value, unit, "not identified by this record").flag("not_identified")
    } else {
        let estimate = Estimate::with_interval(key, symbol, value.value, unit, interval, Basis::Likelihood);
        if value.is_closed() { estimate.std_error(value.std_error) } else { estimate.flag("not_identified") }
    };
    match systematic {
        Some(share) => estimate.systematic_error(share * value.value),
        None => estimate,
    }
}

fn of_one(input: &Input, site: &Fitted) -> Vec<Estimate> {
    let share = systematic(input);
    let values = &site.values;
    let mut estimates = vec![estimate("shear_modulus", "G", "Pa", &values.modulus, share)];
    if site.fit.model == Model::StandardLinear && values.instantaneous.value.is_finite() {
        estimates.push(estimate("instantaneous_modulus", "G_u", "Pa", &values.instantaneous, share));
    }
    if site.fit.model == Model::Elastic || values.time.interval.0 == 0.0 {
        let why = "itself a one-sided limit: the record does not tell the body from an elastic one";
        let limit = site.kelvin_time_limit;
        estimates
            .push(Estimate::without_interval("relaxation_time_upper_limit", "t_c", limit, "s", why).flag("not_identified"));
        return estimates;
    }
    estimates.push(estimate("relaxation_time", "t_c", "s", &values.time, None));
    estimates.push(estimate("viscosity", "η", "Pa s", &values.viscosity, share));
    estimates.extend(energy(input, values.time));
    estimates
}

fn barrier(input: &Input, time: f64) -> Option<f64> {
    let (temperature, frequency) = input.energy?;
    barrier_from_duration(time, temperature, frequency).ok()
}

fn energy(input: &Input, time: Value) -> Option<Estimate> {
    let of = |time: f64| barrier(input, time);
    let (value, lo, hi) = (of(time.value)?, of(time.interval.0)?, of(time.interval.1)?);
    let estimate = Estimate::with_interval("activation_energy", "ΔG", value, "J", (lo, hi), Basis::Likelihood);
    Some(estimate.std_error(0.25 * (hi - lo)).flag("at_the_stated_attempt_frequency"))
}

/// Key, unit and value of a quantity of a fitted test.
type Column = (&'static str, &'static str, fn(&Fitted) -> Value);

fn table(input: &Input, sites: &[Site]) -> Table {
    let number =
        |of: &dyn Fn(&Fitted) -> f64| -> Vec<f64> { sites.iter().map(|site| site.fit.as_ref().map_or(f64::NAN, of)).collect() };
    let text = |of: &dyn Fn(&Site) -> String| sites.iter().map(of).collect::<Vec<String>>();
    let place = |axis: usize| sites.iter().map(|site| site.position.map_or(f64::NAN, |p| p[axis])).collect::<Vec<f64>>();
    let mut table = Table::new("sites", "Sites")
        .with_text("name", text(&|site| site.name.clone()))
        .with_numbers("x", "m", place(0))
        .with_numbers("y", "m", place(1))
        .with_text("model", text(&|site| site.fit.as_ref().map_or("", |fit| word(fit.fit.model)).to_owned()))
        .with_text("preferred", text(&|site| site.fit.as_ref().map_or("", |fit| word(fit.preferred)).to_owned()));
    let quantities: [Column; 3] = [
        ("shear_modulus", "Pa", |site| site.values.modulus),
        ("relaxation_time", "s", |site| site.values.time),
        ("viscosity", "Pa s", |site| site.values.viscosity),
    ];
    for (key, unit, of) in quantities {
        // Only what is identified: an open interval would pass for a value in a map.
        let closed = |site: &Fitted| if of(site).is_closed() { of(site) } else { Value::NONE };
        table = table
            .with_numbers(key, unit, number(&|site| closed(site).value))
            .with_numbers(&format!("{key}_std"), unit, number(&|site| closed(site).std_error))
            .with_numbers(&format!("{key}_lo"), unit, number(&|site| of(site).interval.0))
            .with_numbers(&format!("{key}_hi"), unit, number(&|site| of(site).interval.1));
    }
    if input.energy.is_some() {
        table =
            table.with_numbers("activation_energy", "J", number(&|s| barrier(input, s.values.time.value).unwrap_or(f64::NAN)));
    }
    table
        .with_numbers(
            "correlation_modulus_time",
            "",
            number(&|site| {
                let c = site.fit.covariance;
                -c[0][1] / (c[0][0] * c[1][1]).sqrt()
            }),
        )
        .with_numbers("depth_offset", "m", number(&|site| site.fit.offset))
        .with_numbers("contact_time", "s", number(&|site| site.cut.time[0]))
        .with_numbers("contact_time_spread", "s", number(&|site| contact_spread(site)))
        .with_numbers("drift_rate", "m/s", number(&|site| site.fit.drift))
        .with_numbers("noise", "m", number(&|site| site.fit.noise()))
        .with_numbers("largest_depth", "m", number(&|site| largest_depth(site)))
        .with_text(
            "flags",
            text(&|site| match (&site.fit, site.reason) {
                (Some(fit), _) => fit.flags.join(" "),
                (None, reason) => reason.unwrap_or_default().to_owned(),
            }),
        )
}

/// Length of the 95 % interval of the contact time, s; zero where the record begins at contact.
fn contact_spread(site: &Fitted) -> f64 {
    let Some(contact) = site.cut.contact else { return 0.0 };
    let step = (site.cut.time[site.cut.time.len() - 1] - site.cut.time[0]) / (site.cut.time.len() - 1) as f64;
    step * (contact.interval.1 - contact.interval.0) as f64
}

/// Largest depth below the contact, m.
fn largest_depth(site: &Fitted) -> f64 {
    site.cut.depth.iter().fold(f64::NEG_INFINITY, |deepest, h| deepest.max(*h)) - site.fit.offset
}

fn notes(method: &AnelasticContact, input: &Input, sites: &[Site], fitted: &[&Fitted]) -> Vec<Note> {
    let mut notes = Vec::new();
    let flagged = |flag: &str| fitted.iter().filter(|site| site.flags.contains(&flag)).count();
    let n = fitted.len();
    let mut of = |flag: &str, text: &str| {
        let count = flagged(flag);
        if count > 0 {
            notes.push(Note::warning(flag, format!("{count} of {n} fitted tests: {text}")));
        }
    };
    of("popin", "a sudden displacement; only what lies before it was fitted");
    of("not_identified", "the relaxation time is not identified; there only the limit or the product G t_c means something");
    of("instrument_limited", "the relaxation time is below twice that of the elastic reference: it may be the instrument's");
    of(
        "correlated_residuals",
        "neighbouring residuals are correlated: the model does not describe the record and intervals are too short",
    );
    of("coarse_sampling", "fewer than 10 samples on the rise of the load: the relaxation time rests on the hold");
    let lost = sites.iter().filter(|site| site.fit.is_none()).count();
    if lost > 0 {
        notes.push(Note::warning("sites_lost", format!("{lost} of {} tests have no fit", sites.len())));
    }
    if method.segment == SegmentChoice::Loading {
        let text = "the rise of the load alone: at 1 nm noise and 30 samples the modulus is known to 11 %, the time to 27 %; \
                    with a hold of 20 ms to 0.2 % and 4 %";
        notes.push(Note::warning("loading_only", text));
    }
    if input.reference_time.is_none() && input.transducer.is_none() {
        let text = "no elastic reference was measured with the same load function (reference_relaxation_time): inertia and damping of the \
                    indenter look like a relaxation time";
        notes.push(Note::warning("no_elastic_reference", text));
    }
    geometry_notes(input, sites, fitted, &mut notes);
    notes
}

fn geometry_notes(input: &Input, sites: &[Site], fitted: &[&Fitted], notes: &mut Vec<Note>) {
    let depth = fitted.iter().map(|site| largest_depth(site)).fold(0.0, f64::max);
    let contact = input.sphere.contact_radius(depth);
    if depth > 0.1 * input.sphere.radius {
        let share = depth / input.sphere.radius;
        notes.push(Note::warning(
            "deep_indent",
            format!("depth of {share:.2} radii: the parabola for the sphere is off above 0.1"),
        ));
    }
    if let Some(thickness) = input.film_thickness.filter(|thickness| contact > 0.1 * thickness || depth > 0.1 * thickness) {
        let share = contact / thickness;
        notes.push(Note::warning("substrate", format!("contact radius of {share:.2} film thicknesses: the substrate is felt")));
    }
    if let Some(spacing) = nearest(sites).filter(|spacing| *spacing < 6.0 * contact) {
        let text = format!(
            "sites {:.0} nm apart with a contact radius of {:.0} nm: stress fields overlap, neighbours are not independent",
            1e9 * spacing,
            1e9 * contact
        );
        notes.push(Note::warning("overlap", text));
    }
}

fn nearest(sites: &[Site]) -> Option<f64> {
    let places: Vec<[f64; 2]> = sites.iter().filter_map(|site| site.position).take(2000).collect();
    let mut nearest = f64::INFINITY;
    for (i, a) in places.iter().enumerate() {
        for b in &places[i + 1..] {
            nearest = nearest.min((a[0] - b[0]).hypot(a[1] - b[1]));
        }
    }
    nearest.is_finite().then_some(nearest)
}
