//! Sources that several models share.

pub(super) const LU: &str = "Lu et al., Sci. Rep. 6, 29357 (2016)";
pub(super) const YANG: &str = "Yang et al., Sci. Rep. 4, 6699 (2014)";
pub(super) const IDRISSI: &str = "Idrissi et al., Sci. Rep. 9, 13426 (2019)";
pub(super) const QIAO: &str = "Qiao et al., Prog. Mater. Sci. 104, 250 (2019)";
pub(super) const HENTSCHEL: &str = "Hentschel, Karmakar, Lerner, Procaccia, Phys. Rev. Lett. 104, 025501 (2010)";
pub(super) const JOHNSON_SAMWER: &str = "Johnson and Samwer, Phys. Rev. Lett. 95, 195501 (2005)";
