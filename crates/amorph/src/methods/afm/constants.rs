use crate::method::{Choice, ConstantInfo, ConstantKind};

/// Constants of a tapping-mode measurement.
pub(super) const ALL: &[ConstantInfo] = &[
    PHASE_CONVENTION,
    PHASE_REFERENCE,
    FREE_PHASE,
    SPRING_CONSTANT,
    QUALITY_FACTOR,
    RESONANCE_FREQUENCY,
    DRIVE_FREQUENCY,
    FREE_AMPLITUDE,
    SETPOINT_AMPLITUDE,
    AMPLITUDE_SENSITIVITY,
    OSCILLATION_AMPLITUDE,
    EXCITATION_FREE,
    TEMPERATURE,
    SCAN_ANGLE,
];

/// How the stored phase relates to the lag of the tip behind the drive.
pub const PHASE_CONVENTION: ConstantInfo = ConstantInfo {
    key: "phase_convention",
    aliases: &[],
    symbol: "",
    kind: ConstantKind::Choice(&[
        Choice { name: "lag", description: "the stored phase is the lag (Asylum, AC mode)" },
        Choice {
            name: "shift_positive_repulsive",
            description: "90 deg minus the lag: positive when repulsive (Veeco, Bruker)",
        },
        Choice { name: "shift_negative_repulsive", description: "the lag minus 90 deg: negative when repulsive" },
    ]),
    description: "how the stored phase relates to the lag of the tip behind the drive",
    found_by: "the instrument's manual, or a tune: no file states it; Asylum AC mode stores the lag, Veeco/Bruker tapping mode a shift that is positive when repulsive",
};

/// How the zero of the stored phase is tied to the free-air phase.
pub const PHASE_REFERENCE: ConstantInfo = ConstantInfo {
    key: "phase_reference",
    aliases: &[],
    symbol: "",
    kind: ConstantKind::Choice(&[
        Choice { name: "absolute", description: "the stored phase has a true zero; the free phase enters as measured" },
        Choice { name: "free_is_90", description: "shift the phase so that it is 90 deg in free air (driven at resonance)" },
        Choice {
            name: "free_is_model",
            description: "shift the phase so that in free air it is the lag of the driven oscillator at f/f0 and Q",
        },
    ]),
    description: "how the zero of the phase is tied to the phase in free air",
    found_by: "decide from how the phase was zeroed before the scan; `absolute` if it never was",
};

/// Phase in free air, in the stored convention.
pub const FREE_PHASE: ConstantInfo = ConstantInfo {
    key: "free_phase",
    aliases: &[],
    symbol: "φ_f",
    kind: ConstantKind::Quantity("deg"),
    description: "phase in free air, near the surface, in the convention of the stored map",
    found_by: "Asylum: note key FreeAirPhase; elsewhere: the tune, or a scan with the tip lifted off",
};

/// Spring constant of the cantilever.
pub const SPRING_CONSTANT: ConstantInfo = ConstantInfo {
    key: "spring_constant",
    aliases: &["cantilever.spring_constant", "cantilever.k", "k"],
    symbol: "k",
    kind: ConstantKind::Quantity("N/m"),
    description: "spring constant of the cantilever, with its error (\"40 +- 4 N/m\")",
    found_by: "Asylum: note key SpringConstant; elsewhere: the thermal tune; image files of Bruker/Veeco do not hold it",
};

/// Quality factor of the cantilever in air near the surface.
pub const QUALITY_FACTOR: ConstantInfo = ConstantInfo {
    key: "quality_factor",
    aliases: &["cantilever.quality_factor", "cantilever.Q", "Q"],
    symbol: "Q",
    kind: ConstantKind::Quantity(""),
    description: "quality factor of the resonance in air near the surface",
    found_by: "Asylum: note keys ThermalQ, TuneQResult; elsewhere: the resonance curve",
};

/// Resonance frequency.
pub const RESONANCE_FREQUENCY: ConstantInfo = ConstantInfo {
    key: "resonance_frequency",
    aliases: &["cantilever.resonance_frequency", "f0"],
    symbol: "f0",
    kind: ConstantKind::Quantity("Hz"),
    description: "resonance frequency of the free cantilever",
    found_by: "Asylum: note key ResFreq1; Bruker/Veeco: CantFrequency; elsewhere: the tune",
};

/// Drive frequency.
pub const DRIVE_FREQUENCY: ConstantInfo = ConstantInfo {
    key: "drive_frequency",
    aliases: &["f"],
    symbol: "f",
    kind: ConstantKind::Quantity("Hz"),
    description: "drive frequency; state it equal to the resonance frequency if it was",
    found_by: "Asylum: note key DriveFrequency; elsewhere: the tune",
};

/// Free amplitude at the drive frequency.
pub const FREE_AMPLITUDE: ConstantInfo = ConstantInfo {
    key: "free_amplitude",
    aliases: &["A0"],
    symbol: "A_f",
    kind: ConstantKind::Quantity("m"),
    description: "amplitude in free air at the drive frequency, with the error of the amplitude calibration",
    found_by: "Asylum: note keys FreeAirAmplitude x AmpInvOLS; elsewhere: an amplitude-distance curve and the sensitivity in nm/V",
};

/// Set-point amplitude, where no amplitude map was recorded.
pub const SETPOINT_AMPLITUDE: ConstantInfo = ConstantInfo {
    key: "setpoint_amplitude",
    aliases: &["Asp"],
    symbol: "A_sp",
    kind: ConstantKind::Quantity("m"),
    description: "set-point amplitude; needed where no amplitude map was recorded",
    found_by: "Asylum: note keys AmplitudeSetpointVolts x AmpInvOLS; Bruker/Veeco: TMSetAmplitude (V) times the sensitivity",
};

/// Amplitude sensitivity.
pub const AMPLITUDE_SENSITIVITY: ConstantInfo = ConstantInfo {
    key: "amplitude_sensitivity",
    aliases: &[],
    symbol: "s_A",
    kind: ConstantKind::Quantity("m/V"),
    description: "amplitude per volt of the detector; needed to use an amplitude-error map in volts",
    found_by: "Asylum: note key AmpInvOLS; elsewhere: the slope of an amplitude-distance curve on a hard sample",
};

/// Amplitude that the controller keeps in frequency modulation.
pub const OSCILLATION_AMPLITUDE: ConstantInfo = ConstantInfo {
    key: "oscillation_amplitude",
    aliases: &[],
    symbol: "A",
    kind: ConstantKind::Quantity("m"),
    description: "amplitude that the controller keeps in frequency modulation",
    found_by: "the amplitude set point of the oscillation control times its calibration",
};

/// Excitation without the sample, in frequency modulation.
pub const EXCITATION_FREE: ConstantInfo = ConstantInfo {
    key: "excitation_free",
    aliases: &[],
    symbol: "Exc0",
    kind: ConstantKind::Quantity("V"),
    description: "excitation that keeps this amplitude far from the sample, in frequency modulation",
    found_by: "the excitation channel with the tip lifted off, at the same amplitude",
};

/// Temperature of the experiment.
pub const TEMPERATURE: ConstantInfo = ConstantInfo {
    key: "temperature",
    aliases: &["T"],
    symbol: "T",
    kind: ConstantKind::Quantity("K"),
    description: "temperature of the experiment",
    found_by: "the laboratory's thermometer; Lu et al. 2016 use 298 K",
};

/// Direction of the fast scan axis on the sample.
pub const SCAN_ANGLE: ConstantInfo = ConstantInfo {
    key: "scan_angle",
    aliases: &[],
    symbol: "θ_s",
    kind: ConstantKind::Quantity("deg"),
    description: "direction of the fast scan axis (x of the image) on the sample, counter-clockwise from the sample's x axis; tells what turns with the sample from what the scanner makes",
    found_by: "Asylum: note key ScanAngle; Bruker/Veeco: Rotate Ang.; 0 where the scan was not rotated",
};
